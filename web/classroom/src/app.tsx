// The page: entering, then the class.

import { Asked, Spinner, Toasts } from "./ui";

export function App() {
  return (
    <>
      <Spinner />
      <Asked />
      <Toasts />
    </>
  );
}
