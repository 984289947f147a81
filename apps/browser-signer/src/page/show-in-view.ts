/** With less than this of an element in the window, in pixels, only its heading is seen. */
const LEAST_PX = 240

/** Brings what a press has changed into view when it is below the edge of the window: on narrow pages it is under the form. */
export function showInView(element: HTMLElement): void {
  if (element.getBoundingClientRect().top > window.innerHeight - LEAST_PX) element.scrollIntoView()
}
