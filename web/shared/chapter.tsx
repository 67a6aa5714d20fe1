import { useSignal } from "@preact/signals";
import { type ComponentChildren, render } from "preact";
import { type ChapterId, chapters } from "../chapters.js";
import { failure } from "./failure.js";
import { language, texts } from "./language.js";
import { shareLink } from "./link-state.js";
import { chooseScheme, scheme } from "./scheme.js";

const t = texts({
  en: {
    skip: "Skip to the chapter",
    nav: "Chapters",
    other: "Français",
    dark: "Dark",
    light: "Light",
    share: "Share",
    copied: "Link copied: it holds everything you set.",
    copyThis: "Copy this link: it holds everything you set.",
    tryIt: "Try it",
    reached: "reached",
    previous: "Previous",
    next: "Next",
    source: "Everything here is computed by neurone, in your browser.",
    home: "neurone, home",
    close: "Close",
    failed: (why: string) => `Something failed, and what is shown may be old. Load the page again. (${why})`,
  },
  fr: {
    skip: "Aller au chapitre",
    nav: "Chapitres",
    other: "English",
    dark: "Sombre",
    light: "Clair",
    share: "Partager",
    copied: "Lien copié : il contient tous vos réglages.",
    copyThis: "Copiez ce lien : il contient tous vos réglages.",
    tryIt: "À vous",
    reached: "atteint",
    previous: "Précédent",
    next: "Suivant",
    source: "Tout est calculé ici par neurone, dans votre navigateur.",
    home: "neurone, accueil",
    close: "Fermer",
    failed: (why) => `Quelque chose a échoué : l’affichage n’est peut-être plus à jour. Rechargez la page. (${why})`,
  },
});

/** Something to try; with `done`, a goal that is ticked off when it is reached, and stays so. */
export interface Task {
  readonly text: ComponentChildren;
  readonly done?: boolean;
}

interface ChapterProps {
  readonly id: ChapterId;
  /** One or two sentences: the idea. */
  readonly lead: ComponentChildren;
  readonly figure: ComponentChildren;
  /** What sets the figure: beside it where there is room, below it on phones. */
  readonly controls: ComponentChildren;
  /** The formula with its current numbers. */
  readonly formula: ComponentChildren;
  readonly tasks: readonly Task[];
  /** What else there is to say, below everything. */
  readonly children?: ComponentChildren;
}

/** Shows a chapter. */
export function mount(chapter: ComponentChildren): void {
  render(chapter, document.getElementById("app") as HTMLElement);
}

/** The goals that were reached since the page was opened, by their places. */
const reached = new Set<number>();

/** The frame that all chapters share: navigation, the idea, the figure with its controls, the formula, things to try. */
export function Chapter({ id, lead, figure, controls, formula, tasks, children }: ChapterProps) {
  const place = chapters.findIndex((chapter) => chapter.id === id);
  const title = chapters[place]?.[language].title;
  tasks.forEach(({ done }, i) => {
    if (done) reached.add(i);
  });
  return (
    <>
      <a class="skip" href="#chapter">
        {t.skip}
      </a>
      <Header current={id} />
      <main id="chapter" tabIndex={-1}>
        <header class="lead">
          <p class="number" aria-hidden="true">
            {place + 1}
          </p>
          <h1>{title}</h1>
          <p>{lead}</p>
        </header>
        {failure.value !== undefined && (
          <p role="alert" class="alert">
            {t.failed(failure.value)}
          </p>
        )}
        <div class="stage">
          <div class="figure">{figure}</div>
          <div class="controls">{controls}</div>
        </div>
        <div class="formula">{formula}</div>
        <section class="tasks" aria-labelledby="tasks">
          <h2 id="tasks">{t.tryIt}</h2>
          <ul>
            {tasks.map(({ text, done }, i) => (
              <li class={done === undefined ? undefined : reached.has(i) ? "done" : "open"}>
                {text}
                {reached.has(i) && <span class="visually-hidden"> ({t.reached})</span>}
              </li>
            ))}
          </ul>
        </section>
        {children && <div class="prose">{children}</div>}
      </main>
      <Footer place={place} />
    </>
  );
}

function Header({ current }: { readonly current: ChapterId }) {
  return (
    <header class="top">
      <a class="brand" href="./index.html" aria-label={t.home}>
        neurone
      </a>
      <nav aria-label={t.nav}>
        <ol>
          {chapters.map(({ id, ...titles }) => (
            <li>
              <a
                href={`./${id}.html`}
                aria-current={id === current ? "page" : undefined}
                ref={id === current ? reveal : null}
              >
                {titles[language].title}
              </a>
            </li>
          ))}
        </ol>
      </nav>
      <div class="tools">
        <Share />
        <button type="button" onClick={() => chooseScheme(scheme.value === "dark" ? "light" : "dark")}>
          {scheme.value === "dark" ? t.light : t.dark}
        </button>
        <OtherLanguage current={current} />
      </div>
    </header>
  );
}

/** On phones the navigation scrolls: the chapter that is open is to be seen. */
function reveal(link: HTMLAnchorElement | null): void {
  const bar = link?.closest("nav");
  if (link && bar) bar.scrollLeft = link.offsetLeft - bar.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
}

/** The same chapter in the other language, with everything that the reader has set. */
function OtherLanguage({ current }: { readonly current: ChapterId }) {
  const [other, address] = language === "en" ? ["fr", `./fr/${current}.html`] : ["en", `../${current}.html`];
  const keepState = (event: MouseEvent) => {
    (event.currentTarget as HTMLAnchorElement).hash = new URL(shareLink()).hash;
  };
  return (
    <a href={address} lang={other} hreflang={other} onClick={keepState}>
      {t.other}
    </a>
  );
}

function Share() {
  const message = useSignal("");
  const link = useSignal("");
  const share = async () => {
    const address = shareLink();
    try {
      await navigator.clipboard.writeText(address);
      [message.value, link.value] = [t.copied, ""];
    } catch {
      // Not every host and browser lets a page write to the clipboard.
      [message.value, link.value] = [t.copyThis, address];
    }
  };
  return (
    <>
      <button type="button" onClick={share}>
        {t.share}
      </button>
      <div role="status" class={message.value === "" ? "visually-hidden" : "toast"}>
        {message.value}
        {link.value !== "" && (
          <input readOnly value={link.value} aria-label={t.copyThis} ref={(input) => input?.select()} />
        )}
        {message.value !== "" && (
          <button type="button" aria-label={t.close} onClick={() => (message.value = "")}>
            ×
          </button>
        )}
      </div>
    </>
  );
}

function Footer({ place }: { readonly place: number }) {
  const [before, after] = [chapters[place - 1], chapters[place + 1]];
  return (
    <footer class="bottom">
      {before && (
        <a href={`./${before.id}.html`} rel="prev">
          <small>{t.previous}</small> {before[language].title}
        </a>
      )}
      <p>{t.source}</p>
      {after && (
        <a href={`./${after.id}.html`} rel="next">
          <small>{t.next}</small> {after[language].title}
        </a>
      )}
    </footer>
  );
}
