import { Canvas } from "@react-three/fiber";
import { Center, Line, OrbitControls, PerspectiveCamera, RoundedBox, useCursor } from "@react-three/drei";
import { useState } from "react";

export default function Scene() {
  const [hovered, setHovered] = useState(false);
  const [size, setSize] = useState("unknown");
  useCursor(hovered);
  return (
    <div style={{ width: 300 }}>
      <div style={{ height: 200 }}>
        <Canvas>
          <PerspectiveCamera makeDefault position={[0, 0, 4]} />
          <Center onCentered={({ width, height }) => setSize(`${width.toFixed(1)} by ${height.toFixed(1)}`)}>
            <RoundedBox args={[2, 1, 1]} radius={0.1} onPointerOver={() => setHovered(true)}>
              <meshNormalMaterial />
            </RoundedBox>
          </Center>
          <Line points={[[-1, 0, 0], [1, 0, 0]]} color="black" />
          <OrbitControls autoRotate />
        </Canvas>
      </div>
      <p>The box is {size}{hovered ? ", and the mouse is on it" : ""}</p>
    </div>
  );
}
