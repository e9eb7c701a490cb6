/**
 * What the kernel and the code around it call things by: numbers, since they meet in one memory. This file is compiled
 * twice, by both compilers, so it holds plain constants and nothing else.
 */

// Instructions of a line program: a byte each, with the bytes behind it that the comments name.
/** The line is taken, whatever follows. */
export const OP_ACCEPT = 0;
/** length, bytes: they must stand here. */
export const OP_LITERAL = 1;
/** meaning, delimiter: a field up to the delimiter; it holds no quote. */
export const OP_FIELD = 2;
/** meaning: a field in quotes, up to the closing one. */
export const OP_QUOTED = 3;
/** count, delimiter: so many bare fields that nobody wants, with the delimiters behind them. */
export const OP_SKIP = 4;
/** The line may end here. */
export const OP_MAY_END = 5;
/** The line must end here. */
export const OP_END = 6;

/** A delimiter that stands for the end of the line. */
export const TO_END = 0;

// Text columns: each has a dictionary.
export const TEXT_CLIENT = 0;
export const TEXT_USER_AGENT = 1;
export const TEXT_PATH = 2;
export const TEXT_HOST = 3;
export const TEXT_REFERER = 4;
export const TEXT_METHOD = 5;
export const TEXT_SCHEME = 6;
export const TEXT_QUERY = 7;
export const TEXT_CACHE = 8;
export const TEXT_TLS = 9;
export const TEXT_NODE = 10;
export const TEXT_TARGET = 11;
export const TEXT_COLUMNS = 12;
/** No column of its own: it is joined to the client behind a zero byte, and only where that is asked for. */
export const TEXT_FORWARDED_FOR = 12;

// Number columns, numbered on behind the text columns.
export const ARRIVAL_MS = 12;
export const COMPLETED_MS = 13;
export const STATUS = 14;
export const BYTES = 15;
/** Six columns, in the order of the SECS_ numbers below. */
export const FIRST_SECS = 16;
/** What equal queries have in common, where their texts are not kept. */
export const QUERY_HASH = 22;
export const COLUMNS = 23;

// What is kept of queries.
export const QUERY_TEXTS = 0;
/** A hash, and a text that has the same shape. */
export const QUERY_SHAPES = 1;
/** The same, where a text with `%` means something else. */
export const QUERY_SHAPES_PERCENT = 2;

export const SECS_TOTAL = 0;
export const SECS_BACKEND = 1;
export const SECS_CONNECT = 2;
export const SECS_FIRST_BYTE = 3;
export const SECS_BODY = 4;
export const SECS_CLIENT = 5;
/** What nginx logs instead of the first byte; in no column. */
export const SECS_HEADER = 6;

// Meanings of fields. A plain text's meaning is the number of its column.
export const MEANS_IGNORED = 32;
export const MEANS_CLIENT_WITH_PORT = 33;
export const MEANS_REQUEST = 34;
export const MEANS_URL = 35;
export const MEANS_HOST = 36;
export const MEANS_STATUS = 37;
export const MEANS_BYTES = 38;
/** Plus the notation, or that plus 8 for when the answer was complete. */
export const MEANS_TIME = 64;
export const TIME_OF_COMPLETION = 8;
export const TIME_ISO = 0;
export const TIME_CLF = 1;
export const TIME_DATE = 2;
export const TIME_CLOCK = 3;
export const TIME_EPOCH_SECS = 4;
export const TIME_EPOCH_MS = 5;
/** Plus the SECS_ number, plus 8 times the unit. */
export const MEANS_SECS = 128;
export const UNIT_SECS = 0;
export const UNIT_MS = 1;
export const UNIT_US = 2;

// How the legs of a request follow from what is logged.
export const LEGS_LOGGED = 0;
export const LEGS_SUM = 1;
export const LEGS_NGINX = 2;

// What a field is that a line is cut in.
export const CUT_IS_UNKNOWN = 0;
export const CUT_IS_TOLD = 1;

/** Rows of a batch: whole vectors of DuckDB's 2,048. */
export const BATCH_ROWS = 16384;
/** Bytes that are given at once; what is left of a line from before stands in front of them. */
export const CHUNK_BYTES = 1048576;
/** Longer lines are cut by the code around the kernel. */
export const MAX_LINE_BYTES = 1048576;
/** Lines that are left over to the patient reader before it must take them away. */
export const MAX_REJECTS = 1024;
