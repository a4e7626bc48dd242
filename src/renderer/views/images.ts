import type { ImagesView } from "../../protocol/views";
import { element, panel } from "../elements";
import { pictureGrid } from "../pictureGrid";
import { picturesOf } from "../pictures";
import type { Mount } from "../view";

/** A grid of pictures with names and captions; zoom, copy and save. */
export const images: Mount<ImagesView> = (root, first, { theme }) => {
  const grid = pictureGrid(theme);
  const frame = panel(first.title, grid.element);
  root.replaceChildren(frame);
  const show = (data: ImagesView): void => {
    frame.setAttribute("aria-label", data.title);
    frame.querySelector(".vaenb-title")?.replaceWith(element("div", { class: "vaenb-title" }, data.title));
    grid.show({ ...data, pictures: picturesOf(data.images) });
  };
  show(first);
  return { update: show, dispose: () => grid.dispose() };
};
