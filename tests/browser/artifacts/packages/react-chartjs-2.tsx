import { Chart as ChartJS, registerables, type ChartData } from "chart.js";
import { useRef, useState } from "react";
import { Radar, Line, getElementAtEvent } from "react-chartjs-2";

ChartJS.register(...registerables);

const data: ChartData<"radar"> = {
  labels: ["speed", "size", "cost"],
  datasets: [{ label: "A", data: [3, 5, 2] }],
};

export default function Radars() {
  const chart = useRef<ChartJS<"radar">>(null);
  const [said, say] = useState("");
  return (
    <div>
      <Radar ref={chart} data={data} width={200} height={200} options={{ responsive: false, animation: false }} />
      <Line data={{ labels: ["x", "y"], datasets: [{ data: [1, 2] }] }} options={{ responsive: false }} />
      <button onClick={() => say(`${chart.current?.config.type} of ${chart.current?.getDatasetMeta(0).data.length} points`)}>
        Ask
      </button>
      <p>{said} {typeof getElementAtEvent}</p>
    </div>
  );
}
