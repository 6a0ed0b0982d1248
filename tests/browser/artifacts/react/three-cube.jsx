import React, { useEffect, useRef, useState } from 'react';
import * as THREE from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';

export default function SpinningCube() {
  const mountRef = useRef(null);
  const [turns, setTurns] = useState(0);

  useEffect(() => {
    const mount = mountRef.current;
    const scene = new THREE.Scene();
    scene.background = new THREE.Color(0x111827);
    const camera = new THREE.PerspectiveCamera(60, 400 / 300, 0.1, 100);
    camera.position.set(2, 2, 3);
    const renderer = new THREE.WebGLRenderer({ antialias: true });
    renderer.setSize(400, 300);
    mount.appendChild(renderer.domElement);

    const cube = new THREE.Mesh(
      new THREE.BoxGeometry(1, 1, 1),
      new THREE.MeshStandardMaterial({ color: 0x22c55e }),
    );
    scene.add(cube, new THREE.AmbientLight(0xffffff, 0.5));
    const light = new THREE.DirectionalLight(0xffffff, 2);
    light.position.set(3, 5, 4);
    scene.add(light);

    const controls = new OrbitControls(camera, renderer.domElement);
    controls.enableDamping = true;

    let frame = 0;
    const animate = () => {
      frame = requestAnimationFrame(animate);
      cube.rotation.y += 0.02;
      controls.update();
      renderer.render(scene, camera);
      if (renderer.info.render.triangles > 0) setTurns((value) => Math.min(value + 1, 3));
    };
    animate();

    return () => {
      cancelAnimationFrame(frame);
      controls.dispose();
      renderer.dispose();
      mount.removeChild(renderer.domElement);
    };
  }, []);

  return (
    <div>
      <div ref={mountRef} />
      <p>{turns === 3 ? 'The cube is turning' : 'Wait'}</p>
    </div>
  );
}
