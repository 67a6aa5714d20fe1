import { Status } from "../../shared/controls.js";
import { show } from "../../shared/language.js";
import { type Example, isRight, isSolved } from "./goals.js";
import { moveProbe, type Seen, seen, state } from "./state.js";
import { t } from "./text.js";

/** What the neuron answers to each row of the gate's table; of the reader's points, how many are right. */
export function TruthTable() {
  const now = seen.value;
  if (!now) return null;
  const { goal, examples, y } = now;
  const right = examples.filter((example, i) => isRight(example, y[i] as number)).length;
  return (
    <>
      {goal === "free" ? <p>{t.count(right, examples.length)}</p> : <Rows {...now} />}
      <p class="neuron-small">{t.counts}</p>
      <Status>{isSolved(examples, y) && t.solved(t.goals[goal])}</Status>
    </>
  );
}

function Rows({ examples, z, y }: Seen) {
  return (
    <table class="neuron-table">
      <thead>
        <tr>
          <th scope="col">{t.input}</th>
          <th scope="col">{t.target}</th>
          <th scope="col">{t.sum}</th>
          <th scope="col">{t.output}</th>
          <th scope="col">
            <span class="visually-hidden">{t.verdict}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {examples.map((example, i) => (
          <Row example={example} z={z[i] as number} y={y[i] as number} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ example, z, y }: { readonly example: Example; readonly z: number; readonly y: number }) {
  const { x, target } = example;
  const name = x.length === 1 ? `${x[0]}` : `(${x.join(t.separator)})`;
  const right = isRight(example, y);
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          aria-label={t.lookAt(name)}
          onClick={() => moveProbe(x[0] as number, x[1] ?? (state.probe.value[1] as number))}
        >
          {name}
        </button>
      </th>
      <td>{target}</td>
      <td>{show(z)}</td>
      <td>
        <b>{show(y)}</b>
      </td>
      <td class={right ? "right" : "wrong"}>
        <span aria-hidden="true">{right ? "✓" : "✗"}</span>
        <span class="visually-hidden">{right ? t.right : t.wrong}</span>
      </td>
    </tr>
  );
}
