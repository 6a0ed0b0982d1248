import * as tf from "@tensorflow/tfjs";
import { useEffect, useState } from "react";

export default function Tensors() {
  const [said, say] = useState("");
  useEffect(() => {
    (async () => {
      await tf.setBackend("cpu");
      await tf.ready();
      const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]));
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      say(`${(await product.data()).join(" ")}, ${model.countParams()} weights on ${tf.getBackend()}`);
    })();
  }, []);
  return <p>{said}</p>;
}
