// What the purity check must catch; never linked into anything.
#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <random>

long impure(void* (*run)(void*)) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  pthread_t thread{};
  const int created = pthread_create(&thread, nullptr, run, nullptr);
  std::random_device device;
  return time(nullptr) + now.tv_sec + rand() + open("/dev/null", O_RDONLY) + socket(AF_INET, SOCK_STREAM, 0) + created +
         (getenv("HOME") != nullptr ? 1 : 0) + static_cast<long>(device()) +
         std::chrono::system_clock::now().time_since_epoch().count();
}
