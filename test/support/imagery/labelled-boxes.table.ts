import type { Box } from '../../../proto/imagery/detector.ts';

/** Faces and plates of the shared pictures that GB/T 44464 counts: smaller side 32 px and 16 px at least. Drawn by eye. */
// biome-ignore format: one region a line
export const LABELLED: readonly (readonly [file: string, box: Box])[] = [
  ['coco01.jpg', face(353, 70, 86, 86)],
  ['coco01.jpg', face(248, 106, 116, 116)],
  ['fr_obama_partial_face.jpg', face(0, 110, 205, 330)],
  ['fr_obama_small.jpg', face(93, 42, 136, 136)],
  ['fr_two_people.jpg', face(236, 27, 177, 177)],
  ['fr_two_people.jpg', face(786, 62, 178, 178)],
  ['hyperlpr_test_img.jpg', plate(1749, 745, 117, 110)],
  ['kitti_000008.png', plate(1092, 352, 96, 22)],
  ['kitti_000008.png', plate(380, 297, 48, 20)],
  ['hyperlpr_a.jpg', plate(0, 0, 140, 48)],
  ['hyperlpr_align.jpg', plate(0, 0, 337, 111)],
  ['hyperlpr_crop_冀D5L690.jpg', plate(0, 0, 153, 51)],
  ['hyperlpr_crop_津B6H920.jpg', plate(0, 0, 104, 54)],
  ['hyperlpr_crop_皖KD01833.jpg', plate(0, 0, 247, 69)],
  ['hyperlpr_crop_蒙B023H6.jpg', plate(0, 0, 114, 47)],
];

function face(x: number, y: number, width: number, height: number): Box {
  return { subject: 'face', x, y, width, height };
}

function plate(x: number, y: number, width: number, height: number): Box {
  return { subject: 'plate', x, y, width, height };
}
