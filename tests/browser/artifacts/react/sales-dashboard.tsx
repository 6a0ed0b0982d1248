import React, { useMemo, useState } from 'react';
import {
  LineChart, Line, BarChart, Bar, XAxis, YAxis, CartesianGrid, Tooltip, Legend, ResponsiveContainer,
} from 'recharts';
import { TrendingUp, Users, DollarSign, ArrowUpRight } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

interface Month {
  month: string;
  revenue: number;
  users: number;
}

const data: Month[] = [
  { month: 'Jan', revenue: 4000, users: 240 },
  { month: 'Feb', revenue: 3000, users: 198 },
  { month: 'Mar', revenue: 5200, users: 310 },
  { month: 'Apr', revenue: 6100, users: 402 },
];

const Stat: React.FC<{ icon: LucideIcon; label: string; value: string }> = ({ icon: Icon, label, value }) => (
  <div className="bg-white rounded-xl shadow p-4 flex items-center gap-4">
    <div className="p-3 rounded-full bg-indigo-100 text-indigo-600"><Icon className="w-6 h-6" /></div>
    <div>
      <p className="text-sm text-gray-500">{label}</p>
      <p className="text-2xl font-bold">{value}</p>
    </div>
  </div>
);

const Dashboard: React.FC = () => {
  const [metric, setMetric] = useState<'revenue' | 'users'>('revenue');
  const total = useMemo(() => data.reduce((sum, each) => sum + each.revenue, 0), []);

  return (
    <div className="min-h-screen bg-gray-100 p-6 space-y-6">
      <header className="flex items-center justify-between">
        <h1 className="text-3xl font-bold">Sales Dashboard</h1>
        <button
          id="switch"
          className="px-4 py-2 rounded-lg bg-indigo-600 text-white flex items-center gap-2 hover:bg-indigo-700"
          onClick={() => setMetric(metric === 'revenue' ? 'users' : 'revenue')}
        >
          Show {metric === 'revenue' ? 'users' : 'revenue'} <ArrowUpRight className="w-4 h-4" />
        </button>
      </header>
      <div className="grid grid-cols-1 md:grid-cols-3 gap-4">
        <Stat icon={DollarSign} label="Total revenue" value={`$${total.toLocaleString('en-US')}`} />
        <Stat icon={Users} label="Active users" value="402" />
        <Stat icon={TrendingUp} label="Growth" value="+52%" />
      </div>
      <div id="line" className="bg-white rounded-xl shadow p-4 h-72">
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={data}>
            <CartesianGrid strokeDasharray="3 3" />
            <XAxis dataKey="month" />
            <YAxis />
            <Tooltip />
            <Legend />
            <Line type="monotone" dataKey={metric} stroke="#4f46e5" strokeWidth={2} isAnimationActive={false} />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <div id="bars" className="bg-white rounded-xl shadow p-4 h-72">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={data}>
            <XAxis dataKey="month" />
            <Bar dataKey="users" fill="#10b981" radius={[6, 6, 0, 0]} />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </div>
  );
};

export default Dashboard;
