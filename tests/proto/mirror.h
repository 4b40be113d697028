#pragma once
// Copies a message of proto/ into libprotobuf's message of the same schema through libprotobuf's own reflection,
// checking on the way that the schema file lists exactly the fields of the struct, by number and by name.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include "proto/types.h"
#include "proto/wire.h"

namespace sb::test {

namespace pb = google::protobuf;

template <wire::Message T>
void mirror(const T& from, pb::Message& to);

template <class T>
void mirror_scalar(const T& v, pb::Message& to, const pb::FieldDescriptor& fd) {
  const pb::Reflection& r = *to.GetReflection();
  const bool repeated = fd.is_repeated();
  if constexpr (std::is_same_v<T, std::string>) {
    ASSERT_EQ(fd.cpp_type(), pb::FieldDescriptor::CPPTYPE_STRING) << fd.full_name();
    repeated ? r.AddString(&to, &fd, v) : r.SetString(&to, &fd, v);
  } else if constexpr (wire::StrongId<T>) {
    mirror_scalar(v.value, to, fd);
  } else if constexpr (std::is_enum_v<T>) {
    ASSERT_EQ(fd.cpp_type(), pb::FieldDescriptor::CPPTYPE_ENUM) << fd.full_name();
    ASSERT_EQ(static_cast<std::size_t>(fd.enum_type()->value_count()), EnumLimit<T>::value) << fd.full_name();
    repeated ? r.AddEnumValue(&to, &fd, static_cast<int>(v)) : r.SetEnumValue(&to, &fd, static_cast<int>(v));
  } else if constexpr (std::is_same_v<T, bool>) {
    ASSERT_EQ(fd.cpp_type(), pb::FieldDescriptor::CPPTYPE_BOOL) << fd.full_name();
    r.SetBool(&to, &fd, v);
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    ASSERT_EQ(fd.type(), pb::FieldDescriptor::TYPE_SINT32) << fd.full_name();
    r.SetInt32(&to, &fd, v);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    ASSERT_EQ(fd.type(), pb::FieldDescriptor::TYPE_SINT64) << fd.full_name();
    r.SetInt64(&to, &fd, v);
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    ASSERT_EQ(fd.cpp_type(), pb::FieldDescriptor::CPPTYPE_UINT64) << fd.full_name();
    repeated ? r.AddUInt64(&to, &fd, v) : r.SetUInt64(&to, &fd, v);
  } else {
    static_assert(std::is_same_v<T, std::uint32_t>);
    ASSERT_EQ(fd.cpp_type(), pb::FieldDescriptor::CPPTYPE_UINT32) << fd.full_name();
    repeated ? r.AddUInt32(&to, &fd, v) : r.SetUInt32(&to, &fd, v);
  }
}

template <wire::Message T>
void mirror(const T& from, pb::Message& to) {
  const pb::Descriptor& schema = *to.GetDescriptor();
  const pb::Reflection& r = *to.GetReflection();
  int fields = 0;
  wire::for_each_field<T>([&](auto field) {
    ++fields;
    const pb::FieldDescriptor* fd = schema.FindFieldByNumber(static_cast<int>(decltype(field)::kNumber));
    ASSERT_NE(fd, nullptr) << schema.full_name() << " lacks " << field.name;
    ASSERT_EQ(fd->name(), field.name) << schema.full_name();
    const auto& v = from.*(decltype(field)::kMember);
    using V = std::decay_t<decltype(v)>;
    ASSERT_EQ(fd->is_repeated(), wire::IsVector<V>::value) << fd->full_name();
    if constexpr (wire::IsVector<V>::value) {
      for (const auto& e : v) {
        if constexpr (wire::Message<typename V::value_type>) {
          mirror(e, *r.AddMessage(&to, fd));
        } else {
          mirror_scalar(e, to, *fd);
        }
      }
    } else if constexpr (wire::Message<V>) {
      if (v != V{}) mirror(v, *r.MutableMessage(&to, fd));
    } else {
      mirror_scalar(v, to, *fd);
    }
  });
  EXPECT_EQ(schema.field_count(), fields) << schema.full_name();
}

}  // namespace sb::test
