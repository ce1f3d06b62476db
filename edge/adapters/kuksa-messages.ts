import type { fromJSON } from '@grpc/proto-loader';

/** The library's type for it asks for fields that it does not read. */
type Messages = Parameters<typeof fromJSON>[0];

const VALUE_FIELDS = {
  string: { type: 'string', id: 11 },
  bool: { type: 'bool', id: 12 },
  int32: { type: 'sint32', id: 13 },
  int64: { type: 'sint64', id: 14 },
  uint32: { type: 'uint32', id: 15 },
  uint64: { type: 'uint64', id: 16 },
  float: { type: 'float', id: 17 },
  double: { type: 'double', id: 18 },
};

/**
 * The part of Eclipse Kuksa's `kuksa.val.v2` that a subscriber needs, in protobuf.js's JSON form: the messages and numbers
 * of kuksa/val/v2/val.proto and types.proto as published with kuksa-client 0.6.0. Fields that are not here are skipped.
 */
export const KUKSA_MESSAGES = {
  nested: {
    kuksa: { nested: { val: { nested: { v2: { nested: v2() } } } } },
    google: {
      nested: {
        protobuf: {
          nested: { Timestamp: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } } },
        },
      },
    },
  },
} as unknown as Messages;

/** Of the service above: the path of a client in what the loader makes of it. */
export const KUKSA_SERVICE = 'kuksa.val.v2.VAL';

function v2(): object {
  return {
    VAL: {
      methods: {
        Subscribe: { requestType: 'SubscribeRequest', responseType: 'SubscribeResponse', responseStream: true },
      },
    },
    SubscribeRequest: {
      fields: { signalPaths: { rule: 'repeated', type: 'string', id: 1 }, bufferSize: { type: 'uint32', id: 2 } },
    },
    SubscribeResponse: { fields: { entries: { keyType: 'string', type: 'Datapoint', id: 1 } } },
    Datapoint: {
      fields: { timestamp: { type: 'google.protobuf.Timestamp', id: 1 }, value: { type: 'Value', id: 2 } },
    },
    // Arrays (21 to 28) have no place in a raw frame: a value of one is a value without a type.
    Value: {
      oneofs: { typedValue: { oneof: Object.keys(VALUE_FIELDS) } },
      fields: VALUE_FIELDS,
    },
  };
}
