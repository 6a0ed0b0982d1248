import React, { useState } from 'react';

class ErrorBoundary extends React.Component {
  state = { error: null };

  static getDerivedStateFromError(error) {
    return { error };
  }

  componentDidCatch(error, info) {
    this.setState({ where: info.componentStack ? 'Bomb' : 'somewhere' });
  }

  render() {
    if (this.state.error) {
      return (
        <div role="alert">
          <p>Something went wrong: {this.state.error.message}</p>
          <button onClick={() => { this.props.onReset(); this.setState({ error: null }); }}>Try again</button>
        </div>
      );
    }
    return this.props.children;
  }
}

function Bomb({ armed }) {
  if (armed) throw new Error('The bomb went off');
  return <p>All is quiet</p>;
}

export default function App() {
  const [armed, setArmed] = useState(false);
  return (
    <ErrorBoundary onReset={() => setArmed(false)}>
      <Bomb armed={armed} />
      <button id="arm" onClick={() => setArmed(true)}>Arm it</button>
    </ErrorBoundary>
  );
}
