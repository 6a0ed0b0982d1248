import { useEffect, useState } from "react";
import { forceSimulation, forceManyBody, forceLink, forceCenter, type SimulationNodeDatum } from "d3";

interface Node extends SimulationNodeDatum {
  id: string;
}

const NODES: Node[] = ["Ada", "Grace", "Alan", "Edsger"].map((id) => ({ id }));
const LINKS = [["Ada", "Grace"], ["Ada", "Alan"], ["Alan", "Edsger"]].map(([source, target]) => ({ source, target }));

export default function Network() {
  const [nodes, setNodes] = useState<Node[]>([]);

  useEffect(() => {
    const copies = NODES.map((node) => ({ ...node }));
    const simulation = forceSimulation(copies)
      .force("charge", forceManyBody().strength(-200))
      .force("link", forceLink(LINKS.map((link) => ({ ...link }))).id((node) => (node as Node).id).distance(60))
      .force("center", forceCenter(200, 120))
      .on("tick", () => setNodes([...copies]));
    return () => void simulation.stop();
  }, []);

  const at = (id: string) => nodes.find((node) => node.id === id);

  return (
    <svg width={400} height={240} style={{ background: "#f8fafc" }}>
      {nodes.length > 0 && LINKS.map(({ source, target }) => (
        <line
          key={source + target}
          x1={at(source)?.x} y1={at(source)?.y} x2={at(target)?.x} y2={at(target)?.y}
          stroke="#94a3b8"
        />
      ))}
      {nodes.map(({ id, x, y }) => (
        <g key={id} transform={`translate(${x},${y})`}>
          <circle r={10} fill="#6366f1" />
          <text dx={14} dy={4}>{id}</text>
        </g>
      ))}
    </svg>
  );
}
