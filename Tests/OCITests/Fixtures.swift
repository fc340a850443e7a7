// The configurations that the tests start from.

enum Fixture {
    /// A configuration without a problem, that asks for something in most places.
    static let good = #"""
        {
          "ociVersion": "1.3.0",
          "root": {"path": "rootfs", "readonly": true},
          "hostname": "box",
          "annotations": {"org.example": "1"},
          "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid"]},
            {"destination": "/data", "type": "bind", "source": "/srv", "options": ["rbind", "ro"]},
            {"destination": "/sys", "type": "sysfs", "source": "sysfs"},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts"},
            {"destination": "/dev/shm", "type": "tmpfs", "source": "shm"}
          ],
          "process": {
            "user": {"uid": 0, "gid": 0, "umask": 18, "additionalGids": [5]},
            "args": ["sh"], "env": ["PATH=/bin", "EMPTY="], "cwd": "/",
            "capabilities": {"bounding": ["CAP_CHOWN", "CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"]},
            "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1024, "hard": 1024}],
            "oomScoreAdj": 0, "noNewPrivileges": true
          },
          "linux": {
            "namespaces": [{"type": "pid"}, {"type": "network", "path": "/run/netns/a"}, {"type": "ipc"}, {"type": "mount"},
              {"type": "uts"}],
            "devices": [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438}],
            "sysctl": {"net.core.somaxconn": "256"},
            "cgroupsPath": "/apus/box",
            "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"],
            "seccomp": {
              "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"],
              "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW",
                "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]
            },
            "resources": {
              "devices": [{"allow": false, "access": "rwm"}],
              "memory": {"limit": 8388608, "swap": 16777216},
              "cpu": {"shares": 1024, "quota": 50000, "period": 100000},
              "pids": {"limit": 100},
              "unified": {"memory.high": "1"}
            }
          }
        }
        """#

    /// The text with the terminal turned off, which apus does not do yet.
    static func quietSpec(_ text: String) -> String {
        text.replacing("\"terminal\": true", with: "\"terminal\": false")
    }

    /// Every property of the schema that means something on Linux, set once; not all of it makes sense.
    static let everything = #"""
        {
          "ociVersion": "1.3.0",
          "root": {"path": "rootfs", "readonly": true},
          "hostname": "host", "domainname": "domain",
          "annotations": {"a": "1", "b": "2"},
          "mounts": [{"destination": "/data", "type": "none", "source": "/src", "options": ["rbind", "ro"],
            "uidMappings": [{"containerID": 1, "hostID": 1000, "size": 10}], "gidMappings": [{"containerID": 2, "hostID": 2000, "size": 20}]}],
          "process": {
            "terminal": true, "consoleSize": {"height": 25, "width": 80},
            "user": {"uid": 1, "gid": 2, "umask": 63, "additionalGids": [5, 6], "username": "w"},
            "args": ["sh", "-c", ""], "commandLine": "w", "env": ["A=b"], "cwd": "/root",
            "capabilities": {"bounding": ["CAP_CHOWN"], "effective": ["CAP_KILL"], "inheritable": ["CAP_SETGID"], "permitted": ["CAP_SETUID"], "ambient": ["CAP_BPF"]},
            "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1023, "hard": 18446744073709551615}],
            "noNewPrivileges": true, "apparmorProfile": "prof", "selinuxLabel": "label", "oomScoreAdj": -100,
            "scheduler": {"policy": "SCHED_FIFO", "nice": -1, "priority": 3, "flags": ["SCHED_FLAG_RECLAIM"], "runtime": 4, "deadline": 5, "period": 6},
            "ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 7},
            "execCPUAffinity": {"initial": "0-1", "final": "2"}
          },
          "hooks": {
            "prestart": [{"path": "/h1", "args": ["h1", "x"], "env": ["K=V"], "timeout": 1}],
            "createRuntime": [{"path": "/h2", "args": ["h"], "env": ["K=V"], "timeout": 2}], "createContainer": [{"path": "/h3", "args": ["h"], "env": ["K=V"], "timeout": 3}], "startContainer": [{"path": "/h4", "args": ["h"], "env": ["K=V"], "timeout": 4}],
            "poststart": [{"path": "/h5", "args": ["h"], "env": ["K=V"], "timeout": 5}], "poststop": [{"path": "/h6", "args": ["h"], "env": ["K=V"], "timeout": 6}]
          },
          "linux": {
            "uidMappings": [{"containerID": 1, "hostID": 2, "size": 3}], "gidMappings": [{"containerID": 4, "hostID": 5, "size": 6}],
            "sysctl": {"net.core.somaxconn": "256"},
            "cgroupsPath": "/a/b",
            "namespaces": [{"type": "network", "path": "/var/run/netns/a"}, {"type": "pid"}],
            "devices": [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 438, "uid": 7, "gid": 8}],
            "netDevices": {"eth0": {"name": "ceth0"}},
            "rootfsPropagation": "rslave", "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"], "mountLabel": "ml",
            "intelRdt": {"closID": "c", "schemata": ["L3:0=7f0"], "l3CacheSchema": "L3:0=f", "memBwSchema": "MB:0=20", "enableMonitoring": true},
            "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]},
            "personality": {"domain": "LINUX32", "flags": ["F"]},
            "timeOffsets": {"monotonic": {"secs": -1, "nanosecs": 2}, "boottime": {"secs": 3, "nanosecs": 4}},
            "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
              "listenerPath": "/run/l.sock", "listenerMetadata": "meta",
              "syscalls": [{"names": ["clone", "read"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1, "args": [{"index": 5, "value": 18446744073709551615, "valueTwo": 9, "op": "SCMP_CMP_MASKED_EQ"}]}]},
            "resources": {
              "devices": [{"allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwm"}, {"allow": false}],
              "memory": {"limit": 1, "reservation": 2, "swap": -1, "kernel": 4, "kernelTCP": 5, "swappiness": 6, "disableOOMKiller": true, "useHierarchy": true, "checkBeforeUpdate": true},
              "cpu": {"shares": 1, "quota": -1, "burst": 3, "period": 4, "realtimeRuntime": 5, "realtimePeriod": 6, "cpus": "0-3", "mems": "0", "idle": 1},
              "pids": {"limit": 7},
              "blockIO": {"weight": 10, "leafWeight": 11, "weightDevice": [{"major": 8, "minor": 5, "weight": 12, "leafWeight": 13}],
                "throttleReadBpsDevice": [{"major": 8, "minor": 1, "rate": 14}], "throttleWriteBpsDevice": [{"major": 8, "minor": 2, "rate": 15}],
                "throttleReadIOPSDevice": [{"major": 8, "minor": 3, "rate": 16}], "throttleWriteIOPSDevice": [{"major": 8, "minor": 4, "rate": 17}]},
              "hugepageLimits": [{"pageSize": "2MB", "limit": 18}],
              "network": {"classID": 19, "priorities": [{"name": "eth0", "priority": 20}]},
              "rdma": {"mlx5_1": {"hcaHandles": 21, "hcaObjects": 22}},
              "unified": {"io.max": "259:0 rbps=1"}
            }
          },
          "solaris": {}, "windows": {}, "vm": {}, "zos": {}, "freebsd": {}
        }
        """#

    /// What `crun spec` of 1.8.1 writes.
    static let crunSpec = #"""
        {
          "ociVersion": "1.0.0",
          "process": {
            "terminal": true,
            "user": {
              "uid": 0,
              "gid": 0
            },
            "args": [
              "sh"
            ],
            "env": [
              "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
              "TERM=xterm"
            ],
            "cwd": "/",
            "capabilities": {
              "bounding": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ],
              "effective": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ],
              "inheritable": [],
              "permitted": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ],
              "ambient": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ]
            },
            "rlimits": [
              {
                "type": "RLIMIT_NOFILE",
                "hard": 1024,
                "soft": 1024
              }
            ],
            "noNewPrivileges": true
          },
          "root": {
            "path": "rootfs",
            "readonly": true
          },
          "hostname": "crun",
          "mounts": [
            {
              "destination": "/proc",
              "type": "proc",
              "source": "proc"
            },
            {
              "destination": "/dev",
              "type": "tmpfs",
              "source": "tmpfs",
              "options": [
                "nosuid",
                "strictatime",
                "mode=755",
                "size=65536k"
              ]
            },
            {
              "destination": "/dev/pts",
              "type": "devpts",
              "source": "devpts",
              "options": [
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5"
              ]
            },
            {
              "destination": "/dev/shm",
              "type": "tmpfs",
              "source": "shm",
              "options": [
                "nosuid",
                "noexec",
                "nodev",
                "mode=1777",
                "size=65536k"
              ]
            },
            {
              "destination": "/dev/mqueue",
              "type": "mqueue",
              "source": "mqueue",
              "options": [
                "nosuid",
                "noexec",
                "nodev"
              ]
            },
            {
              "destination": "/sys",
              "type": "sysfs",
              "source": "sysfs",
              "options": [
                "nosuid",
                "noexec",
                "nodev",
                "ro"
              ]
            },
            {
              "destination": "/sys/fs/cgroup",
              "type": "cgroup",
              "source": "cgroup",
              "options": [
                "nosuid",
                "noexec",
                "nodev",
                "relatime",
                "ro"
              ]
            }
          ],
          "linux": {
            "resources": {
              "devices": [
                {
                  "allow": false,
                  "access": "rwm"
                }
              ]
            },
            "namespaces": [
              {
                "type": "pid"
              },
              {
                "type": "network"
              },
              {
                "type": "ipc"
              },
              {
                "type": "uts"
              },
              {
                "type": "mount"
              }
            ],
            "maskedPaths": [
              "/proc/acpi",
              "/proc/asound",
              "/proc/kcore",
              "/proc/keys",
              "/proc/latency_stats",
              "/proc/timer_list",
              "/proc/timer_stats",
              "/proc/sched_debug",
              "/sys/firmware",
              "/proc/scsi"
            ],
            "readonlyPaths": [
              "/proc/bus",
              "/proc/fs",
              "/proc/irq",
              "/proc/sys",
              "/proc/sysrq-trigger"
            ]
          }
        }
        """#

    /// What `runc spec` of 1.1.5 writes.
    static let runcSpec = #"""
        {
          "ociVersion": "1.0.2-dev",
          "process": {
            "terminal": true,
            "user": {
              "uid": 0,
              "gid": 0
            },
            "args": [
              "sh"
            ],
            "env": [
              "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
              "TERM=xterm"
            ],
            "cwd": "/",
            "capabilities": {
              "bounding": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ],
              "effective": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ],
              "permitted": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ],
              "ambient": [
                "CAP_AUDIT_WRITE",
                "CAP_KILL",
                "CAP_NET_BIND_SERVICE"
              ]
            },
            "rlimits": [
              {
                "type": "RLIMIT_NOFILE",
                "hard": 1024,
                "soft": 1024
              }
            ],
            "noNewPrivileges": true
          },
          "root": {
            "path": "rootfs",
            "readonly": true
          },
          "hostname": "runc",
          "mounts": [
            {
              "destination": "/proc",
              "type": "proc",
              "source": "proc"
            },
            {
              "destination": "/dev",
              "type": "tmpfs",
              "source": "tmpfs",
              "options": [
                "nosuid",
                "strictatime",
                "mode=755",
                "size=65536k"
              ]
            },
            {
              "destination": "/dev/pts",
              "type": "devpts",
              "source": "devpts",
              "options": [
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5"
              ]
            },
            {
              "destination": "/dev/shm",
              "type": "tmpfs",
              "source": "shm",
              "options": [
                "nosuid",
                "noexec",
                "nodev",
                "mode=1777",
                "size=65536k"
              ]
            },
            {
              "destination": "/dev/mqueue",
              "type": "mqueue",
              "source": "mqueue",
              "options": [
                "nosuid",
                "noexec",
                "nodev"
              ]
            },
            {
              "destination": "/sys",
              "type": "sysfs",
              "source": "sysfs",
              "options": [
                "nosuid",
                "noexec",
                "nodev",
                "ro"
              ]
            },
            {
              "destination": "/sys/fs/cgroup",
              "type": "cgroup",
              "source": "cgroup",
              "options": [
                "nosuid",
                "noexec",
                "nodev",
                "relatime",
                "ro"
              ]
            }
          ],
          "linux": {
            "resources": {
              "devices": [
                {
                  "allow": false,
                  "access": "rwm"
                }
              ]
            },
            "namespaces": [
              {
                "type": "pid"
              },
              {
                "type": "network"
              },
              {
                "type": "ipc"
              },
              {
                "type": "uts"
              },
              {
                "type": "mount"
              }
            ],
            "maskedPaths": [
              "/proc/acpi",
              "/proc/asound",
              "/proc/kcore",
              "/proc/keys",
              "/proc/latency_stats",
              "/proc/timer_list",
              "/proc/timer_stats",
              "/proc/sched_debug",
              "/sys/firmware",
              "/proc/scsi"
            ],
            "readonlyPaths": [
              "/proc/bus",
              "/proc/fs",
              "/proc/irq",
              "/proc/sys",
              "/proc/sysrq-trigger"
            ]
          }
        }
        """#

    /// What `runc spec` of 1.3.6 writes on a host with cgroup v2 alone.
    static let newRuncSpec = #"""
        {
         "ociVersion": "1.2.1",
         "process": {
          "terminal": true,
          "user": {
           "uid": 0,
           "gid": 0
          },
          "args": [
           "sh"
          ],
          "env": [
           "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
           "TERM=xterm"
          ],
          "cwd": "/",
          "capabilities": {
           "bounding": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
           ],
           "effective": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
           ],
           "permitted": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
           ]
          },
          "rlimits": [
           {
            "type": "RLIMIT_NOFILE",
            "hard": 1024,
            "soft": 1024
           }
          ],
          "noNewPrivileges": true
         },
         "root": {
          "path": "rootfs",
          "readonly": true
         },
         "hostname": "runc",
         "mounts": [
          {
           "destination": "/proc",
           "type": "proc",
           "source": "proc"
          },
          {
           "destination": "/dev",
           "type": "tmpfs",
           "source": "tmpfs",
           "options": [
            "nosuid",
            "strictatime",
            "mode=755",
            "size=65536k"
           ]
          },
          {
           "destination": "/dev/pts",
           "type": "devpts",
           "source": "devpts",
           "options": [
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620",
            "gid=5"
           ]
          },
          {
           "destination": "/dev/shm",
           "type": "tmpfs",
           "source": "shm",
           "options": [
            "nosuid",
            "noexec",
            "nodev",
            "mode=1777",
            "size=65536k"
           ]
          },
          {
           "destination": "/dev/mqueue",
           "type": "mqueue",
           "source": "mqueue",
           "options": [
            "nosuid",
            "noexec",
            "nodev"
           ]
          },
          {
           "destination": "/sys",
           "type": "sysfs",
           "source": "sysfs",
           "options": [
            "nosuid",
            "noexec",
            "nodev",
            "ro"
           ]
          },
          {
           "destination": "/sys/fs/cgroup",
           "type": "cgroup",
           "source": "cgroup",
           "options": [
            "nosuid",
            "noexec",
            "nodev",
            "relatime",
            "ro"
           ]
          }
         ],
         "linux": {
          "resources": {
           "devices": [
            {
             "allow": false,
             "access": "rwm"
            }
           ]
          },
          "namespaces": [
           {
            "type": "pid"
           },
           {
            "type": "network"
           },
           {
            "type": "ipc"
           },
           {
            "type": "uts"
           },
           {
            "type": "mount"
           },
           {
            "type": "cgroup"
           }
          ],
          "maskedPaths": [
           "/proc/acpi",
           "/proc/asound",
           "/proc/kcore",
           "/proc/keys",
           "/proc/latency_stats",
           "/proc/timer_list",
           "/proc/timer_stats",
           "/proc/sched_debug",
           "/sys/firmware",
           "/proc/scsi"
          ],
          "readonlyPaths": [
           "/proc/bus",
           "/proc/fs",
           "/proc/irq",
           "/proc/sys",
           "/proc/sysrq-trigger"
          ]
         }
        }
        """#

    /// What `runc spec --rootless` of 1.3.6 writes as root on a host with cgroup v1.
    static let newRuncRootlessSpec = #"""
        {
         "ociVersion": "1.2.1",
         "process": {
          "terminal": true,
          "user": {
           "uid": 0,
           "gid": 0
          },
          "args": [
           "sh"
          ],
          "env": [
           "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
           "TERM=xterm"
          ],
          "cwd": "/",
          "capabilities": {
           "bounding": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
           ],
           "effective": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
           ],
           "permitted": [
            "CAP_AUDIT_WRITE",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE"
           ]
          },
          "rlimits": [
           {
            "type": "RLIMIT_NOFILE",
            "hard": 1024,
            "soft": 1024
           }
          ],
          "noNewPrivileges": true
         },
         "root": {
          "path": "rootfs",
          "readonly": true
         },
         "hostname": "runc",
         "mounts": [
          {
           "destination": "/proc",
           "type": "proc",
           "source": "proc"
          },
          {
           "destination": "/dev",
           "type": "tmpfs",
           "source": "tmpfs",
           "options": [
            "nosuid",
            "strictatime",
            "mode=755",
            "size=65536k"
           ]
          },
          {
           "destination": "/dev/pts",
           "type": "devpts",
           "source": "devpts",
           "options": [
            "nosuid",
            "noexec",
            "newinstance",
            "ptmxmode=0666",
            "mode=0620"
           ]
          },
          {
           "destination": "/dev/shm",
           "type": "tmpfs",
           "source": "shm",
           "options": [
            "nosuid",
            "noexec",
            "nodev",
            "mode=1777",
            "size=65536k"
           ]
          },
          {
           "destination": "/dev/mqueue",
           "type": "mqueue",
           "source": "mqueue",
           "options": [
            "nosuid",
            "noexec",
            "nodev"
           ]
          },
          {
           "destination": "/sys",
           "type": "none",
           "source": "/sys",
           "options": [
            "rbind",
            "nosuid",
            "noexec",
            "nodev",
            "ro"
           ]
          },
          {
           "destination": "/sys/fs/cgroup",
           "type": "cgroup",
           "source": "cgroup",
           "options": [
            "nosuid",
            "noexec",
            "nodev",
            "relatime",
            "ro"
           ]
          }
         ],
         "linux": {
          "uidMappings": [
           {
            "containerID": 0,
            "hostID": 0,
            "size": 1
           }
          ],
          "gidMappings": [
           {
            "containerID": 0,
            "hostID": 0,
            "size": 1
           }
          ],
          "namespaces": [
           {
            "type": "pid"
           },
           {
            "type": "ipc"
           },
           {
            "type": "uts"
           },
           {
            "type": "mount"
           },
           {
            "type": "user"
           }
          ],
          "maskedPaths": [
           "/proc/acpi",
           "/proc/asound",
           "/proc/kcore",
           "/proc/keys",
           "/proc/latency_stats",
           "/proc/timer_list",
           "/proc/timer_stats",
           "/proc/sched_debug",
           "/sys/firmware",
           "/proc/scsi"
          ],
          "readonlyPaths": [
           "/proc/bus",
           "/proc/fs",
           "/proc/irq",
           "/proc/sys",
           "/proc/sysrq-trigger"
          ]
         }
        }
        """#
}
