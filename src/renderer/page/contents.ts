/** Marks in the table of contents where the reader is, and folds it on small screens. */
export function followContents(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".contents a")];
  const list = document.querySelector<HTMLDetailsElement>(".contents details");
  if (list === null) return;
  const wide = window.matchMedia("(min-width: 1120px)");
  const fold = (): void => {
    list.open = wide.matches;
  };
  fold();
  wide.addEventListener("change", fold);

  const headings = links.flatMap((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return heading ? [{ link, heading }] : [];
  });
  const mark = (): void => {
    const passed = headings.filter(({ heading }) => heading.getBoundingClientRect().top < 120);
    const isEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    const here = (isEnd ? headings : passed).at(-1) ?? headings[0];
    for (const { link } of headings) {
      link.classList.toggle("here", link === here?.link);
      if (link === here?.link) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  let waits = false;
  window.addEventListener(
    "scroll",
    () => {
      if (waits) return;
      waits = true;
      requestAnimationFrame(() => {
        waits = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}
