import {
  type handleServerStreamingCall,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { onTestFinished } from 'vitest';
import { KUKSA_MESSAGES, KUKSA_SERVICE } from '../../../edge/adapters/kuksa-messages.ts';

export type Subscriber = ServerWritableStream<{ readonly signalPaths: readonly string[] }, object>;

/** Stands for a databroker: the service of its published messages, with an answer of the test's own. */
export async function startKuksa(
  onSubscribe: (subscriber: Subscriber) => void,
  port = 0,
  credentials = ServerCredentials.createInsecure(),
) {
  const service = fromJSON(KUKSA_MESSAGES, { longs: Number, oneofs: true })[KUKSA_SERVICE] as ServiceDefinition;
  const server = new Server();
  const subscribe: handleServerStreamingCall<{ readonly signalPaths: readonly string[] }, object> = onSubscribe;
  server.addService(service, { Subscribe: subscribe as UntypedHandleCall });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, credentials, (cause, given) =>
      cause === null ? resolve(given) : reject(cause),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return { address: `127.0.0.1:${bound}`, port: bound, stop: () => server.forceShutdown() };
}
