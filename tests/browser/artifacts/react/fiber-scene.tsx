import { useRef, useState } from "react";
import { Canvas, useFrame, type ThreeElements } from "@react-three/fiber";
import { OrbitControls } from "@react-three/drei";
import type { Mesh } from "three";

function Box({ onTurned, ...props }: ThreeElements["mesh"] & { onTurned: () => void }) {
  const mesh = useRef<Mesh>(null!);
  const [active, setActive] = useState(false);
  useFrame((_, delta) => {
    mesh.current.rotation.x += delta;
    if (mesh.current.rotation.x > 0) onTurned();
  });
  return (
    <mesh {...props} ref={mesh} scale={active ? 1.5 : 1} onClick={() => setActive(!active)}>
      <boxGeometry args={[1, 1, 1]} />
      <meshStandardMaterial color={active ? "hotpink" : "orange"} />
    </mesh>
  );
}

export default function Scene() {
  const [turned, setTurned] = useState(false);
  return (
    <div style={{ width: 400, height: 300 }}>
      <Canvas camera={{ position: [0, 0, 4] }} style={{ height: 250 }}>
        <ambientLight intensity={Math.PI / 2} />
        <pointLight position={[-10, -10, -10]} decay={0} intensity={Math.PI} />
        <Box position={[-1.2, 0, 0]} onTurned={() => setTurned(true)} />
        <Box position={[1.2, 0, 0]} onTurned={() => setTurned(true)} />
        <OrbitControls />
      </Canvas>
      <p>{turned ? "The boxes turn" : "Waiting for a frame"}</p>
    </div>
  );
}
