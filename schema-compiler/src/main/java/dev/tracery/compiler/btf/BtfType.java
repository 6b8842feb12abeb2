package dev.tracery.compiler.btf;

import java.util.List;

/// One type of a BTF. Other types are named by their ids; 0 is `void`. A name is empty where there
/// is none.
sealed interface BtfType {

  /// @param size in bytes
  /// @param bitOffset where the value begins within those bytes, in BTF of before 2018
  /// @param bits how many bits of them it has
  record Int(String name, int size, int bitOffset, int bits, boolean signed) implements BtfType {}

  record Pointer(int target) implements BtfType {}

  /// @param count 0 for a flexible array
  record Array(int element, long count) implements BtfType {}

  /// A struct or a union.
  ///
  /// @param word `struct` or `union`
  /// @param size in bytes
  record Composite(String word, String name, long size, List<Member> members) implements BtfType {}

  /// An enumeration; its values are not read.
  record Enumeration(String name, int size, boolean signed) implements BtfType {}

  /// A struct or union that is declared only.
  record Forward(String word, String name) implements BtfType {}

  record Typedef(String name, int target) implements BtfType {}

  /// @param word `const`, `volatile`, `restrict`; empty for a tag such as `__user`, which only
  ///   clang writes and which changes nothing of what is read
  record Qualifier(String word, int target) implements BtfType {}

  record Function(String name, int prototype) implements BtfType {}

  record Prototype(int returns, List<Parameter> parameters) implements BtfType {}

  record Floating(String name, int size) implements BtfType {}

  /// A variable, a section or a tag: nothing is of such a type.
  record NoType(BtfKind kind) implements BtfType {}

  /// @param bitOffset from the struct's start
  /// @param bitfieldBits 0 for a member that is no bitfield
  record Member(String name, int type, long bitOffset, int bitfieldBits) {}

  /// @param type 0 for `...`
  record Parameter(String name, int type) {}
}
