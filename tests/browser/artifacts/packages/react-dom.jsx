import { useEffect, useRef, useState } from "react";
import { createPortal, flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

export default function Roots() {
  const host = useRef(null);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const root = createRoot(host.current);
    root.render(<em>a second root</em>);
    return () => root.unmount();
  }, []);
  const grow = () => {
    flushSync(() => setHeight(40));
    document.title = String(host.current.previousElementSibling.offsetHeight);
    host.current.dataset.seen = document.title;
  };
  return (
    <div>
      <div style={{ height, overflow: "hidden" }} />
      <div ref={host} id="host" />
      <button onClick={grow}>Grow</button>
      {createPortal(<p>in the body</p>, document.body)}
    </div>
  );
}
