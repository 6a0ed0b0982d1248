import { renderToStaticMarkup } from "react-dom/server";

export default function Markup() {
  const html = renderToStaticMarkup(<ul className="plain"><li>{"<one>"}</li></ul>);
  return <pre>{html}</pre>;
}
