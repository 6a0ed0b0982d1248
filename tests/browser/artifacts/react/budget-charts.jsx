import React from 'react';
import {
  Chart as ChartJS, ArcElement, BarElement, CategoryScale, LinearScale, Tooltip, Legend, Title,
} from 'chart.js';
import { Bar, Doughnut } from 'react-chartjs-2';

ChartJS.register(ArcElement, BarElement, CategoryScale, LinearScale, Tooltip, Legend, Title);

const labels = ['Rent', 'Food', 'Travel'];
const spent = [900, 400, 150];

export default function Budget() {
  const data = {
    labels,
    datasets: [{ label: 'Spent', data: spent, backgroundColor: ['#60a5fa', '#f472b6', '#34d399'] }],
  };
  const options = { responsive: false, animation: false, plugins: { title: { display: true, text: 'Budget' } } };
  return (
    <div style={{ display: 'flex', gap: 16 }}>
      <Bar id="bars" width={300} height={200} data={data} options={options} />
      <Doughnut id="ring" width={200} height={200} data={data} options={options} />
      <p>Total: {spent.reduce((a, b) => a + b)} €</p>
    </div>
  );
}
