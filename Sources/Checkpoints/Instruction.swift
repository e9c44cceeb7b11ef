/// The pickle instructions that a state dict needs, and no other.
enum Instruction: UInt8 {
    case proto = 0x80  // PROTO
    case stop = 0x2E  // STOP
    case mark = 0x28  // MARK
    case global = 0x63  // GLOBAL
    case reduce = 0x52  // REDUCE
    case newObject = 0x81  // NEWOBJ
    case build = 0x62  // BUILD
    case persistentID = 0x51  // BINPERSID

    case none = 0x4E  // NONE
    case `true` = 0x88  // NEWTRUE
    case `false` = 0x89  // NEWFALSE
    case int32 = 0x4A  // BININT
    case int8 = 0x4B  // BININT1
    case int16 = 0x4D  // BININT2
    case long = 0x8A  // LONG1
    case float = 0x47  // BINFLOAT
    case unicode = 0x58  // BINUNICODE
    case shortString = 0x55  // SHORT_BINSTRING

    case emptyDictionary = 0x7D  // EMPTY_DICT
    case emptyList = 0x5D  // EMPTY_LIST
    case emptySet = 0x8F  // EMPTY_SET
    case emptyTuple = 0x29  // EMPTY_TUPLE
    case tuple1 = 0x85  // TUPLE1
    case tuple2 = 0x86  // TUPLE2
    case tuple3 = 0x87  // TUPLE3
    case tuple = 0x74  // TUPLE

    case setItem = 0x73  // SETITEM
    case setItems = 0x75  // SETITEMS
    case append = 0x61  // APPEND
    case appends = 0x65  // APPENDS

    case put8 = 0x71  // BINPUT
    case put32 = 0x72  // LONG_BINPUT
    case get8 = 0x68  // BINGET
    case get32 = 0x6A  // LONG_BINGET
}
