#pragma once
// What the kernel says about a process: processor time and resident memory. Any thread.
#include <cstdint>
#include <optional>

namespace sb::customers {

// User and system time in nanoseconds, at the kernel's tick (usually 10 ms); nothing when there is no such process.
[[nodiscard]] std::optional<std::uint64_t> process_cpu_ns(int pid);
[[nodiscard]] std::uint64_t own_cpu_ns();
[[nodiscard]] std::optional<std::uint64_t> process_resident_bytes(int pid);

// Raises the limit of open files to what the system allows and returns it.
std::uint64_t raise_open_files();

}  // namespace sb::customers
