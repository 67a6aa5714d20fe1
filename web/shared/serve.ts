import { expose } from "comlink";

/**
 * Offers a worker's functions to its page. What fails in the worker besides them, where no caller waits for an answer, comes to the
 * page as an error of the worker.
 */
export function serve(api: object): void {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    reportError(event.reason);
  });
  expose(api);
}
