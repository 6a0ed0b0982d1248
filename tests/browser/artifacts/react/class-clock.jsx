import React, { Component } from 'react';
import PropTypes from 'prop-types';

class Clock extends Component {
  static propTypes = { zone: PropTypes.string.isRequired };
  static defaultProps = undefined;

  state = { now: new Date(), ticks: 0 };
  #timer = null;

  componentDidMount() {
    this.#timer = setInterval(this.tick, 50);
  }

  componentDidUpdate(_, previous) {
    if (previous.ticks === 0 && this.state.ticks === 1) document.title = 'The clock ticks';
  }

  componentWillUnmount() {
    clearInterval(this.#timer);
  }

  tick = () => {
    this.setState(({ ticks }) => ({ now: new Date(), ticks: ticks + 1 }));
  };

  render() {
    const { zone } = this.props;
    const { now, ticks } = this.state;
    const time = now.toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
    return (
      <>
        <h2>{zone}</h2>
        <p className="time">{time}</p>
        <p>{ticks > 2 ? 'It ticks' : 'It stands still'}</p>
      </>
    );
  }
}

export default class App extends React.Component {
  constructor(props) {
    super(props);
    this.state = { shown: true };
    this.toggle = this.toggle.bind(this);
  }

  toggle() {
    this.setState({ shown: !this.state.shown });
  }

  render() {
    return (
      <main>
        {this.state.shown ? <Clock zone="Europe/Vienna" /> : <p>The clock is gone</p>}
        <button onClick={this.toggle}>Toggle</button>
      </main>
    );
  }
}
