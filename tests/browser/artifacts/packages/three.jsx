import { useEffect, useRef, useState } from "react";
import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { RoundedBoxGeometry } from "three/addons/geometries/RoundedBoxGeometry.js";

export default function GreenCube() {
  const canvas = useRef(null);
  const [seen, setSeen] = useState("nothing");

  useEffect(() => {
    const renderer = new THREE.WebGLRenderer({ canvas: canvas.current, preserveDrawingBuffer: true });
    renderer.setSize(100, 100, false);
    const camera = new THREE.PerspectiveCamera(50, 1, 0.1, 10);
    camera.position.z = 2;
    const controls = new OrbitControls(camera, canvas.current);
    const scene = new THREE.Scene();
    scene.add(new THREE.Mesh(new RoundedBoxGeometry(1, 1, 1, 2, 0.1), new THREE.MeshBasicMaterial({ color: 0x00ff00 })));
    controls.update();
    renderer.render(scene, camera);
    const gl = renderer.getContext();
    const pixel = new Uint8Array(4);
    gl.readPixels(50, 50, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    setSeen([...pixel].join(" "));
    return () => { controls.dispose(); renderer.dispose(); };
  }, []);

  return (
    <div>
      <canvas ref={canvas} width={100} height={100} />
      <p>The middle is {seen}</p>
    </div>
  );
}
