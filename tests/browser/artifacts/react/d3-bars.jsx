import React, { useEffect, useRef } from 'react';
import * as d3 from 'd3';

const DATA = [
  { letter: 'A', frequency: 0.08 },
  { letter: 'E', frequency: 0.13 },
  { letter: 'T', frequency: 0.09 },
];

const BarChart = ({ width = 400, height = 240 }) => {
  const ref = useRef();

  useEffect(() => {
    const svg = d3.select(ref.current);
    svg.selectAll('*').remove();
    const margin = { top: 10, right: 10, bottom: 30, left: 40 };

    const x = d3.scaleBand().domain(DATA.map((d) => d.letter)).range([margin.left, width - margin.right]).padding(0.2);
    const y = d3.scaleLinear().domain([0, d3.max(DATA, (d) => d.frequency)]).nice()
      .range([height - margin.bottom, margin.top]);
    const color = d3.scaleOrdinal(d3.schemeTableau10);

    svg.append('g').attr('transform', `translate(0,${height - margin.bottom})`).call(d3.axisBottom(x));
    svg.append('g').attr('transform', `translate(${margin.left},0)`).call(d3.axisLeft(y).ticks(5, '%'));
    svg.selectAll('rect')
      .data(DATA)
      .join('rect')
      .attr('x', (d) => x(d.letter))
      .attr('y', (d) => y(d.frequency))
      .attr('height', (d) => y(0) - y(d.frequency))
      .attr('width', x.bandwidth())
      .attr('fill', (d) => color(d.letter));
  }, [width, height]);

  return <svg ref={ref} width={width} height={height} />;
};

export default BarChart;
