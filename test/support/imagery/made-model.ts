import protobuf from 'protobufjs';

/**
 * A model in ONNX, made by hand: its one box has the brightness of the brightest pixel as its score. On a black picture it
 * finds nothing, on a white one the box that it was made with. Only the fields it needs are in this part of onnx.proto.
 */
const { root } = protobuf.parse(
  `
  syntax = "proto2";
  message Model { optional int64 ir_version = 1; optional Graph graph = 7; repeated Opset opset_import = 8; }
  message Opset { optional string domain = 1; optional int64 version = 2; }
  message Graph { repeated Node node = 1; optional string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
  message Node { repeated string input = 1; repeated string output = 2; optional string op_type = 4; repeated Attribute attribute = 5; }
  message Attribute { optional string name = 1; optional int64 i = 3; optional int32 type = 20; }
  message Tensor { repeated int64 dims = 1; optional int32 data_type = 2; repeated float float_data = 4 [packed = true]; optional string name = 8; }
  message Value { optional string name = 1; optional Kind type = 2; }
  message Kind { optional TensorKind tensor_type = 1; }
  message TensorKind { optional int32 elem_type = 1; optional Shape shape = 2; }
  message Shape { repeated Dim dim = 1; }
  message Dim { optional int64 dim_value = 1; }
`,
  { keepCase: true },
);

const FLOAT = 1;
const ATTRIBUTE_INT = 2;

/** @param box - left, top, right, bottom in pixels of the input, and the number of the class */
export function modelFinding(box: readonly [number, number, number, number, number], edge: number): Uint8Array {
  const [left, top, right, bottom, subject] = box;
  const value = (name: string, shape: readonly number[]) => ({
    name,
    type: { tensor_type: { elem_type: FLOAT, shape: { dim: shape.map((dim_value) => ({ dim_value })) } } },
  });
  const constant = (name: string, float_data: readonly number[]) => ({
    name,
    dims: [1, 6],
    data_type: FLOAT,
    float_data,
  });
  const keepsDims = [{ name: 'keepdims', i: 1, type: ATTRIBUTE_INT }];
  const graph = {
    name: 'made',
    input: [value('images', [1, 3, edge, edge])],
    output: [value('boxes', [1, 1, 1, 6])],
    initializer: [constant('fixed', [left, top, right, bottom, 0, subject]), constant('scored', [0, 0, 0, 0, 1, 0])],
    node: [
      { op_type: 'ReduceMax', input: ['images'], output: ['brightest'], attribute: keepsDims },
      { op_type: 'Mul', input: ['brightest', 'scored'], output: ['score'] },
      { op_type: 'Add', input: ['score', 'fixed'], output: ['boxes'] },
    ],
  };
  const type = root.lookupType('Model');
  return type.encode(type.fromObject({ ir_version: 8, opset_import: [{ domain: '', version: 17 }], graph })).finish();
}
