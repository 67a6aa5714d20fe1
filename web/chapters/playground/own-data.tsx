import { Button, Buttons, Segments, Slider } from "../../shared/controls.js";
import { show } from "../../shared/language.js";
import { Choice } from "./choice.js";
import { className } from "./names.js";
import {
  choice,
  columns,
  kind,
  PLACED_CLASSES,
  problem,
  removeAll,
  removeLast,
  takeColumns,
  takeTable,
  text,
  value,
} from "./own.js";
import { settings, state } from "./state.js";
import type { TableChoice } from "./table.js";
import { t } from "./text.js";

/** Points that the reader brings along: placed by hand, or of a table. */
export function OwnData() {
  const { own, labels, names } = state;
  const isNamed = names.value.length > 0;
  const kinds = isNamed ? names.value.slice(2).map((_, id) => `${id}`) : PLACED_CLASSES;
  return (
    <>
      {!isNamed && (
        <Segments
          label={t.labels}
          value={labels}
          options={(["classes", "numbers"] as const).map((value) => ({ value, label: t.labelKinds[value] }))}
          onChange={() => (own.value = [])}
        />
      )}
      {labels.value === "classes" ? (
        <Segments
          label={t.place}
          value={kind}
          options={kinds.map((value) => ({ value, label: className(Number(value), settings.value) }))}
        />
      ) : (
        <Slider label={t.value} value={value} min={-1} max={1} step={0.1} format={(number) => show(number, 1)} />
      )}
      <Buttons>
        <Button disabled={own.value.length === 0} onClick={removeLast}>
          {t.undo}
        </Button>
        <Button disabled={own.value.length === 0 && !isNamed} onClick={removeAll}>
          {t.clear}
        </Button>
      </Buttons>
      <Table />
    </>
  );
}

function Table() {
  const isRead = columns.value.length > 0 && problem.value === undefined;
  return (
    <details class="playground-table" open={columns.value.length > 0 || problem.value !== undefined}>
      <summary>{t.table}</summary>
      <p>{t.tableHint}</p>
      <textarea
        rows={4}
        aria-label={t.tableText}
        value={text.value}
        spellcheck={false}
        onInput={({ currentTarget }) => takeTable(currentTarget.value)}
      />
      <input
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        aria-label={t.file}
        onChange={async ({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) takeTable(await file.text());
        }}
      />
      {isRead && (
        <div class="playground-pair">
          <ColumnChoice label={t.axis1} axis="x1" />
          <ColumnChoice label={t.axis2} axis="x2" />
          <ColumnChoice label={t.label} axis="label" />
        </div>
      )}
      <p role="status">
        {problem.value === "columns"
          ? t.twoNumbers
          : problem.value !== undefined
            ? t.failed(problem.value)
            : isRead
              ? t.tableRead(show(state.own.value.length, 0))
              : ""}
      </p>
    </details>
  );
}

function ColumnChoice({ label, axis }: { readonly label: string; readonly axis: keyof TableChoice }) {
  const able = columns.value.flatMap(({ name, numeric }, i) =>
    numeric || axis === "label" ? [{ value: `${i}`, label: name }] : [],
  );
  return (
    <Choice
      label={label}
      value={`${choice.value[axis]}`}
      options={able}
      onChange={(column) => {
        choice.value = { ...choice.value, [axis]: Number(column) };
        takeColumns();
      }}
    />
  );
}
