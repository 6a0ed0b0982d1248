import * as Tone from "tone";
import { useEffect, useState } from "react";

export default function Sound() {
  const [said, say] = useState("");
  useEffect(() => {
    Tone.Offline(() => {
      new Tone.Oscillator(440, "sine").toDestination().start(0);
    }, 0.1).then((buffer) => {
      const loudest = Math.max(...buffer.getChannelData(0));
      say(`${buffer.duration.toFixed(1)} s, ${loudest > 0.9 ? "loud" : "silent"}`);
    });
  }, []);
  return (
    <p>
      A4 is {Tone.Frequency("A4").toFrequency()} Hz, a fifth above {Tone.Frequency("A4").transpose(7).toNote()}: {said}
      <button onClick={async () => { await Tone.start(); new Tone.Synth().toDestination().triggerAttackRelease("C4", "8n"); }}>Play</button>
    </p>
  );
}
