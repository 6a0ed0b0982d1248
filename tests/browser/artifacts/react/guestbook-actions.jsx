import { Suspense, use, useActionState, useOptimistic } from 'react';
import { useFormStatus } from 'react-dom';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const greeting = wait(20).then(() => 'Please sign');

function Greeting() {
  return <h2>{use(greeting)}</h2>;
}

function Submit() {
  const { pending } = useFormStatus();
  return <button disabled={pending}>{pending ? 'Signing…' : 'Sign'}</button>;
}

export default function Guestbook() {
  const [names, sign] = useActionState(async (previous, data) => {
    await wait(50);
    return [...previous, data.get('name')];
  }, []);
  const [shown, addShown] = useOptimistic(names, (current, name) => [...current, `${name} (on its way)`]);

  return (
    <form
      action={async (data) => {
        addShown(data.get('name'));
        await sign(data);
      }}
    >
      <title>Guestbook</title>
      <Suspense fallback={<p>…</p>}><Greeting /></Suspense>
      <input name="name" required />
      <Submit />
      <ul>{shown.map((name, index) => <li key={index}>{name}</li>)}</ul>
      <p>{names.length} signed</p>
    </form>
  );
}
