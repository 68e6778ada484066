import {
  type Networking,
  type NetworkingState,
  type VoiceConnection,
  VoiceConnectionStatus,
} from '@discordjs/voice';

/**
 * Keeps what goes wrong inside @discordjs/voice from ending the process: it lets errors escape from the handlers of
 * sockets and timers, where nobody could catch them, for instance where a message is malformed, where a datagram has
 * less than twelve bytes, where end-to-end encryption fails, or where a socket is already closed.
 * @param onFault is told of what leaves the connection in doubt
 * @param onClose is told the code with which the voice server closed it
 */
export function containFaults(
  connection: VoiceConnection,
  { onFault, onClose }: { onFault: (error: unknown) => void; onClose: (code: number) => void },
): void {
  const { receiver } = connection;
  receiver.onUdpMessage = contained(receiver.onUdpMessage.bind(receiver), ignored);
  receiver.onWsPacket = contained(receiver.onWsPacket.bind(receiver), ignored);
  connection.prepareAudioPacket = contained(connection.prepareAudioPacket.bind(connection), onFault);
  connection.dispatchAudio = contained(connection.dispatchAudio.bind(connection), onFault);
  let current: Networking | undefined;
  connection.on('stateChange', (_, state) => {
    const isConnected =
      state.status === VoiceConnectionStatus.Connecting || state.status === VoiceConnectionStatus.Ready;
    if (!isConnected || state.networking === current) return;
    current = state.networking;
    // Before the library does something about it.
    current.prependListener('close', onClose);
    containSockets(current.state, onFault);
    current.on('stateChange', (_old, networking) => containSockets(networking, onFault));
  });
}

const containedOnes = new WeakSet<object>();

function containSockets(state: NetworkingState, onFault: (error: unknown) => void): void {
  if ('ws' in state && !containedOnes.has(state.ws)) {
    containedOnes.add(state.ws);
    state.ws.onMessage = contained(state.ws.onMessage.bind(state.ws), onFault);
  }
  if ('udp' in state && !containedOnes.has(state.udp)) {
    containedOnes.add(state.udp);
    state.udp.send = contained(state.udp.send.bind(state.udp), ignored);
  }
}

/** A datagram more or less: many are lost on the way as well. */
function ignored(): void {}

function contained<Args extends unknown[], Result>(
  work: (...args: Args) => Result,
  onFault: (error: unknown) => void,
): (...args: Args) => Result | undefined {
  return (...args) => {
    try {
      return work(...args);
    } catch (error) {
      onFault(error);
      return undefined;
    }
  };
}
