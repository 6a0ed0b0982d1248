import { useId, useState } from 'react';

const EMPTY = { name: '', topic: 'question', message: '', copy: false };

export default function ContactForm() {
  const id = useId();
  const [form, setForm] = useState(EMPTY);
  const [errors, setErrors] = useState({});
  const [sent, setSent] = useState(null);

  const handleChange = ({ target }) => {
    const { name, type, value, checked } = target;
    setForm((previous) => ({ ...previous, [name]: type === 'checkbox' ? checked : value }));
  };

  const handleSubmit = (e) => {
    e.preventDefault();
    const found = {};
    if (!form.name.trim()) found.name = 'Please tell us your name.';
    if (form.message.length < 5) found.message = 'Please write a little more.';
    setErrors(found);
    if (Object.keys(found).length === 0) {
      setSent(form);
      setForm(EMPTY);
    }
  };

  if (sent) return <p role="status">Thank you, {sent.name}! Your {sent.topic} is on its way.</p>;

  return (
    <form onSubmit={handleSubmit}>
      <label htmlFor={`${id}-name`}>Name</label>
      <input id={`${id}-name`} name="name" value={form.name} onChange={handleChange} />
      {errors.name && <em>{errors.name}</em>}
      <select name="topic" value={form.topic} onChange={handleChange}>
        <option value="question">Question</option>
        <option value="complaint">Complaint</option>
      </select>
      <textarea name="message" rows={3} value={form.message} onChange={handleChange} />
      {errors.message && <em>{errors.message}</em>}
      <label><input type="checkbox" name="copy" checked={form.copy} onChange={handleChange} /> Send me a copy</label>
      <button>Send</button>
    </form>
  );
}
