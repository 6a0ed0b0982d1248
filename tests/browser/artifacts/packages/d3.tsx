import * as d3 from "d3";
import { scaleLinear } from "d3";

export default function Numbers() {
  const x = scaleLinear([0, 10], [0, 200]);
  const line = d3.line<number>((_, index) => x(index), (value) => 50 - value);
  const root = d3.hierarchy({ value: 0, children: [{ value: 3 }, { value: 4 }] }).sum((node) => node.value);
  return (
    <div>
      <svg width={200} height={60}><path d={line([3, 20, 9, 41]) ?? ""} fill="none" stroke="black" /></svg>
      <p>{d3.format(",.2f")(12345.678)}, sum {root.value}, median {d3.median([5, 1, 9])}</p>
    </div>
  );
}
