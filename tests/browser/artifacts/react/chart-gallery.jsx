import React from 'react';
import {
  ComposedChart, RadarChart, ScatterChart, RadialBarChart, Area, Bar, Line, Radar, RadialBar, Scatter, PolarGrid,
  PolarAngleAxis, XAxis, YAxis, CartesianGrid, Tooltip, Legend, ReferenceLine, ResponsiveContainer,
} from 'recharts';

const DATA = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'].map((day, index) => ({
  day, visits: 20 + ((index * 37) % 50), sales: 5 + index * 3, rate: index / 10,
}));

const CustomTooltip = ({ active, payload, label }) =>
  active && payload?.length ? <div className="bg-white p-2 shadow">{label}: {payload[0].value}</div> : null;

const Panel = ({ id, children }) => (
  <div id={id} className="rounded-lg border p-2">
    <ResponsiveContainer width="100%" height={180}>{children}</ResponsiveContainer>
  </div>
);

export default function Gallery() {
  return (
    <div className="grid grid-cols-2 gap-2">
      <Panel id="composed">
        <ComposedChart data={DATA}>
          <defs>
            <linearGradient id="fade" x1="0" y1="0" x2="0" y2="1">
              <stop offset="5%" stopColor="#8884d8" stopOpacity={0.8} />
              <stop offset="95%" stopColor="#8884d8" stopOpacity={0} />
            </linearGradient>
          </defs>
          <CartesianGrid stroke="#f5f5f5" />
          <XAxis dataKey="day" />
          <YAxis yAxisId="left" />
          <YAxis yAxisId="right" orientation="right" tickFormatter={(value) => `${value * 100}%`} />
          <Tooltip content={<CustomTooltip />} />
          <Legend />
          <ReferenceLine yAxisId="left" y={40} stroke="red" label="Goal" />
          <Area yAxisId="left" dataKey="visits" fill="url(#fade)" stroke="#8884d8" isAnimationActive={false} />
          <Bar yAxisId="left" dataKey="sales" barSize={12} fill="#413ea0" isAnimationActive={false} />
          <Line yAxisId="right" dataKey="rate" stroke="#ff7300" isAnimationActive={false} />
        </ComposedChart>
      </Panel>
      <Panel id="radar">
        <RadarChart data={DATA}>
          <PolarGrid />
          <PolarAngleAxis dataKey="day" />
          <Radar dataKey="visits" fill="#22c55e" fillOpacity={0.6} isAnimationActive={false} />
        </RadarChart>
      </Panel>
      <Panel id="scatter">
        <ScatterChart>
          <XAxis type="number" dataKey="visits" name="visits" />
          <YAxis type="number" dataKey="sales" name="sales" />
          <Scatter data={DATA} fill="#ef4444" isAnimationActive={false} />
        </ScatterChart>
      </Panel>
      <Panel id="radial">
        <RadialBarChart data={DATA} innerRadius={20} outerRadius={80}>
          <RadialBar dataKey="sales" fill="#0ea5e9" isAnimationActive={false} />
        </RadialBarChart>
      </Panel>
    </div>
  );
}
