import { PieChart, Pie, Cell, AreaChart, Area, XAxis, Tooltip } from "recharts";

const data = [{ name: "Tea", value: 40 }, { name: "Coffee", value: 60 }];

export default function Charts() {
  return (
    <div>
      <PieChart width={300} height={200}>
        <Pie data={data} dataKey="value" nameKey="name" outerRadius={60} isAnimationActive={false} label={({ name }) => name}>
          {data.map((each, index) => <Cell key={each.name} fill={["#22c55e", "#78350f"][index]} />)}
        </Pie>
      </PieChart>
      <AreaChart width={300} height={120} data={data}>
        <XAxis dataKey="name" />
        <Tooltip />
        <Area dataKey="value" isAnimationActive={false} />
      </AreaChart>
    </div>
  );
}
