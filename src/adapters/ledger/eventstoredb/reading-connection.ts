import { Channel, credentials } from '@grpc/grpc-js';
import type { ServerAddress } from './server-address.ts';
import { ServerConnection } from './server-connection.ts';

/** In bytes: with the usual 64 KiB, the server and its reader would wait for each other after each few dozen events. */
const WINDOW = 4 * 1024 * 1024;
/** As the client sets it: no event is larger. */
const LARGEST_MESSAGE = 17 * 1024 * 1024;

/** For one long reading: the server may send far ahead of what is read. It does not follow a leader that changes. */
export class ReadingConnection extends ServerConnection {
  constructor(address: ServerAddress) {
    super(address);
    const findNode = this.getChannel;
    this.getChannel = async () => {
      const found = await findNode();
      // The client takes no options for its channels. Nothing has been sent over this one.
      found.close();
      return new Channel(found.getTarget(), credentialsOf(address), {
        'grpc-node.flow_control_window': WINDOW,
        'grpc.max_receive_message_length': LARGEST_MESSAGE,
      });
    };
  }
}

function credentialsOf({ tls, certificates }: ServerAddress) {
  if (!tls) return credentials.createInsecure();
  const { rootCertificate, userKeyFile, userCertFile } = certificates;
  return credentials.createSsl(rootCertificate, userKeyFile, userCertFile);
}
