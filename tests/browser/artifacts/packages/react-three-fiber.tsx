import { Canvas, useThree, useFrame } from "@react-three/fiber";
import { useState } from "react";

function Probe({ say }: { say: (seen: string) => void }) {
  const { gl } = useThree();
  useFrame(({ scene, camera }) => {
    gl.render(scene, camera);
    const context = gl.getContext();
    const pixel = new Uint8Array(4);
    context.readPixels(context.drawingBufferWidth / 2, context.drawingBufferHeight / 2, 1, 1, context.RGBA, context.UNSIGNED_BYTE, pixel);
    if (pixel[0] > 200 && pixel[2] < 60) say("a red mesh");
  }, 1);
  return null;
}

export default function Fiber() {
  const [seen, setSeen] = useState("nothing yet");
  return (
    <div style={{ width: 200 }}>
      <div style={{ height: 150 }}>
        <Canvas flat gl={{ preserveDrawingBuffer: true }}>
          <mesh>
            <planeGeometry args={[3, 3]} />
            <meshBasicMaterial color="#ff0000" />
          </mesh>
          <Probe say={setSeen} />
        </Canvas>
      </div>
      <p>In the middle is {seen}</p>
    </div>
  );
}
