import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { FieldKind } from '../rules/field-kinds.table.ts';

/** Kinds of files that may be asked for beside telemetry, each for an exemption of G26-I.3.C. */
export const FILE_KIND_NAMES = ['ota-source', 'incident-evidence', 'vulnerability-report', 'document'] as const;
export type FileKind = (typeof FILE_KIND_NAMES)[number];

/** Files that were imported, as the gate sees them. */
export interface FileParcel {
  readonly kind: 'files';
  readonly id: string;
  readonly title: string;
  readonly purposes: readonly string[];
  readonly fileKind: FileKind;
  /** Id of the register entry that covers them. */
  readonly entry: string;
}

export interface FileKindRow {
  /** Kinds of field in the facts. */
  readonly kinds: readonly FieldKind[];
  /** Items of important data to test. */
  readonly items: readonly string[];
  readonly reason: Bilingual;
  readonly cite: string;
  /** Endings a file may have, lower case, without the dot; undefined: any that is not refused for what is in it. */
  readonly endings?: readonly string[];
  /** Names without an ending that may be there. */
  readonly names?: readonly string[];
  /** A file that is no text may have so many bytes; 0: it may not be there. */
  readonly binaryBytesMax: number;
}

const SOURCE_ENDINGS =
  'ac adoc arxml asm bat bazel bb bbappend bp bzl c cc cfg cmake conf cpp cs css cu cuh cxx dbc def diff dts dtsi ebuild gitattributes gitignore gitmodules go gradle groovy h hh hpp html hxx in inc inl ini ipp java jinja js json kt kts ld lds lua m m4 mak make md mk mm odx patch pdx pl pm proto ps1 py pyi qml rs rst s scala scss sh sln sql swift tcl toml ts tsx txt v vcxproj vhd vspec xml xsd xsl yaml yml'.split(
    ' ',
  );

/** A small icon or a font in a source tree is no data set. */
const BINARY_BYTES_MAX = 262_144;

export const FILE_KINDS: Readonly<Record<FileKind, FileKindRow>> = {
  'ota-source': {
    kinds: ['SRC'],
    items: ['important-03', 'important-14', 'important-15', 'important-17', 'important-25'],
    reason: bilingual(
      'source code of vehicle software can be important data; only evidence of a filing clears it',
      '车辆软件源代码可能属于重要数据，须有备案证明',
    ),
    cite: 'G26-I.3.C(9)',
    endings: [...SOURCE_ENDINGS, 'png', 'svg', 'ico', 'ttf', 'zip', 'tar', 'tgz', 'gz'],
    names: [
      'makefile',
      'gnumakefile',
      'dockerfile',
      'jenkinsfile',
      'license',
      'copying',
      'notice',
      'readme',
      'authors',
      'changelog',
      'kconfig',
      'kbuild',
      'build',
      'workspace',
      'configure',
      'version',
      'codeowners',
    ],
    binaryBytesMax: BINARY_BYTES_MAX,
  },
  'incident-evidence': {
    kinds: ['DOC', 'PLATFORM-CFG'],
    items: ['important-45', 'important-46'],
    reason: bilingual(
      'traces of an incident can show platforms and persons; both reports have to be on file',
      '事件证据可能涉及平台与个人信息，须有两份报告回执',
    ),
    cite: 'G26-I.3.C(8)',
    binaryBytesMax: 67_108_864,
  },
  'vulnerability-report': {
    kinds: ['DOC'],
    items: [],
    reason: bilingual(
      'a vulnerability goes out only after it was reported, and only to whoever mends it',
      '漏洞数据须先行上报，且仅提供给参与修复的一方',
    ),
    cite: 'G26-I.3.C(7)',
    binaryBytesMax: 16_777_216,
  },
  document: {
    kinds: ['DOC'],
    items: ['important-02', 'important-16'],
    reason: bilingual(
      'drawings, plans and test reports can be important data; a person has to settle it',
      '图纸、方案与试验报告可能属于重要数据，须人工认定',
    ),
    cite: 'G26-II',
    endings: [
      'pdf',
      'docx',
      'xlsx',
      'pptx',
      'odt',
      'ods',
      'txt',
      'md',
      'csv',
      'html',
      'xml',
      'json',
      'yaml',
      'png',
      'jpg',
      'jpeg',
      'svg',
    ],
    binaryBytesMax: 67_108_864,
  },
};
