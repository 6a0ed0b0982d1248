import * as Slider from "@radix-ui/react-slider";
import { useState } from "react";

export default function Volume() {
  const [[volume], setVolume] = useState([50]);
  return (
    <div>
      <Slider.Root id="slider" value={[volume]} onValueChange={setVolume} step={5} style={{ display: "flex", position: "relative", width: 200, height: 20 }}>
        <Slider.Track style={{ background: "#ccc", flexGrow: 1, height: 4, position: "relative" }}><Slider.Range style={{ background: "#333", position: "absolute", height: "100%" }} /></Slider.Track>
        <Slider.Thumb id="thumb" aria-label="Volume" style={{ display: "block", width: 20, height: 20, background: "black" }} />
      </Slider.Root>
      <p>Volume {volume}</p>
    </div>
  );
}
