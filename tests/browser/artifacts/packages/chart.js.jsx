import Chart from "chart.js/auto";
import { useEffect, useRef, useState } from "react";

export default function Line() {
  const ref = useRef(null);
  const [said, say] = useState("");
  useEffect(() => {
    const chart = new Chart(ref.current, {
      type: "line",
      data: { labels: ["a", "b", "c"], datasets: [{ label: "n", data: [1, 7, 3], borderColor: "#ff0000" }] },
      options: { responsive: false, animation: false },
    });
    const bytes = ref.current.getContext("2d").getImageData(0, 0, 300, 150).data;
    const red = bytes.some((byte, at) => at % 4 === 0 && byte > 240 && bytes[at + 1] < 20 && bytes[at + 3] > 240);
    say(`up to ${chart.scales.y.max}, ${red ? "with a red line" : "without a line"}`);
    return () => chart.destroy();
  }, []);
  return <figure><canvas ref={ref} width={300} height={150} /><figcaption>{said}</figcaption></figure>;
}
