import Plotly from "plotly.js";
import { useEffect, useRef, useState } from "react";

export default function Scatter() {
  const ref = useRef(null);
  const [said, say] = useState("");
  useEffect(() => {
    const host = ref.current;
    Plotly.newPlot(
      host,
      [{ x: [1, 2, 3], y: [2, 6, 3], type: "scatter", mode: "lines+markers" }, { x: [1, 2], y: [1, 4], type: "bar" }],
      { width: 400, height: 300, title: { text: "Drawn by Plotly" } },
      { displayModeBar: false },
    ).then(() => say(`${host.querySelectorAll(".point").length} points and bars`));
    return () => Plotly.purge(host);
  }, []);
  return <div><div ref={ref} id="plot" /><p>{said}</p></div>;
}
