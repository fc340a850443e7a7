// Every system call that apus makes or puts into a program, by its kernel name.
import CLinux

extension SystemCall {
    public static let read = SystemCall(__NR_read)
    public static let write = SystemCall(__NR_write)
    public static let close = SystemCall(__NR_close)
    public static let openat = SystemCall(__NR_openat)
    public static let openat2 = SystemCall(__NR_openat2)
    public static let fstat = SystemCall(__NR_fstat)
    public static let newfstatat = SystemCall(__NR_newfstatat)
    public static let statx = SystemCall(__NR_statx)
    public static let statfs = SystemCall(__NR_statfs)
    public static let fstatfs = SystemCall(__NR_fstatfs)
    public static let mkdirat = SystemCall(__NR_mkdirat)
    public static let unlinkat = SystemCall(__NR_unlinkat)
    public static let renameat2 = SystemCall(__NR_renameat2)
    public static let symlinkat = SystemCall(__NR_symlinkat)
    public static let linkat = SystemCall(__NR_linkat)
    public static let readlinkat = SystemCall(__NR_readlinkat)
    public static let mknodat = SystemCall(__NR_mknodat)
    public static let fchmodat = SystemCall(__NR_fchmodat)
    public static let fchmod = SystemCall(__NR_fchmod)
    public static let fchown = SystemCall(__NR_fchown)
    public static let fchownat = SystemCall(__NR_fchownat)
    public static let getdents64 = SystemCall(__NR_getdents64)
    public static let lseek = SystemCall(__NR_lseek)
    public static let pread64 = SystemCall(__NR_pread64)
    public static let pwrite64 = SystemCall(__NR_pwrite64)
    public static let ftruncate = SystemCall(__NR_ftruncate)
    public static let fcntl = SystemCall(__NR_fcntl)
    public static let flock = SystemCall(__NR_flock)
    public static let ioctl = SystemCall(__NR_ioctl)
    public static let fsync = SystemCall(__NR_fsync)
    public static let utimensat = SystemCall(__NR_utimensat)
    public static let faccessat2 = SystemCall(__NR_faccessat2)
    public static let faccessat = SystemCall(__NR_faccessat)
    public static let mount = SystemCall(__NR_mount)
    public static let umount2 = SystemCall(__NR_umount2)
    public static let pivotRoot = SystemCall(__NR_pivot_root)
    public static let openTree = SystemCall(__NR_open_tree)
    public static let moveMount = SystemCall(__NR_move_mount)
    public static let fsopen = SystemCall(__NR_fsopen)
    public static let fsconfig = SystemCall(__NR_fsconfig)
    public static let fsmount = SystemCall(__NR_fsmount)
    public static let fspick = SystemCall(__NR_fspick)
    public static let mountSetattr = SystemCall(__NR_mount_setattr)
    public static let chroot = SystemCall(__NR_chroot)
    public static let chdir = SystemCall(__NR_chdir)
    public static let fchdir = SystemCall(__NR_fchdir)
    public static let getcwd = SystemCall(__NR_getcwd)
    public static let clone = SystemCall(__NR_clone)
    public static let clone3 = SystemCall(__NR_clone3)
    public static let execve = SystemCall(__NR_execve)
    public static let execveat = SystemCall(__NR_execveat)
    public static let exitGroup = SystemCall(__NR_exit_group)
    public static let wait4 = SystemCall(__NR_wait4)
    public static let waitid = SystemCall(__NR_waitid)
    public static let kill = SystemCall(__NR_kill)
    public static let pidfdOpen = SystemCall(__NR_pidfd_open)
    public static let pidfdSendSignal = SystemCall(__NR_pidfd_send_signal)
    public static let pidfdGetfd = SystemCall(__NR_pidfd_getfd)
    public static let setns = SystemCall(__NR_setns)
    public static let unshare = SystemCall(__NR_unshare)
    public static let getpid = SystemCall(__NR_getpid)
    public static let getppid = SystemCall(__NR_getppid)
    public static let gettid = SystemCall(__NR_gettid)
    public static let getuid = SystemCall(__NR_getuid)
    public static let geteuid = SystemCall(__NR_geteuid)
    public static let getgid = SystemCall(__NR_getgid)
    public static let getegid = SystemCall(__NR_getegid)
    public static let setsid = SystemCall(__NR_setsid)
    public static let setpgid = SystemCall(__NR_setpgid)
    public static let getpgid = SystemCall(__NR_getpgid)
    public static let setuid = SystemCall(__NR_setuid)
    public static let setgid = SystemCall(__NR_setgid)
    public static let setgroups = SystemCall(__NR_setgroups)
    public static let setresuid = SystemCall(__NR_setresuid)
    public static let setresgid = SystemCall(__NR_setresgid)
    public static let umask = SystemCall(__NR_umask)
    public static let prctl = SystemCall(__NR_prctl)
    public static let capget = SystemCall(__NR_capget)
    public static let capset = SystemCall(__NR_capset)
    public static let prlimit64 = SystemCall(__NR_prlimit64)
    public static let personality = SystemCall(__NR_personality)
    public static let seccomp = SystemCall(__NR_seccomp)
    public static let keyctl = SystemCall(__NR_keyctl)
    public static let closeRange = SystemCall(__NR_close_range)
    public static let dup3 = SystemCall(__NR_dup3)
    public static let pipe2 = SystemCall(__NR_pipe2)
    public static let socket = SystemCall(__NR_socket)
    public static let socketpair = SystemCall(__NR_socketpair)
    public static let bind = SystemCall(__NR_bind)
    public static let listen = SystemCall(__NR_listen)
    public static let connect = SystemCall(__NR_connect)
    public static let accept4 = SystemCall(__NR_accept4)
    public static let sendto = SystemCall(__NR_sendto)
    public static let recvfrom = SystemCall(__NR_recvfrom)
    public static let sendmsg = SystemCall(__NR_sendmsg)
    public static let recvmsg = SystemCall(__NR_recvmsg)
    public static let shutdown = SystemCall(__NR_shutdown)
    public static let getsockopt = SystemCall(__NR_getsockopt)
    public static let setsockopt = SystemCall(__NR_setsockopt)
    public static let ppoll = SystemCall(__NR_ppoll)
    public static let signalfd4 = SystemCall(__NR_signalfd4)
    public static let rtSigprocmask = SystemCall(__NR_rt_sigprocmask)
    public static let rtSigaction = SystemCall(__NR_rt_sigaction)
    public static let rtSigtimedwait = SystemCall(__NR_rt_sigtimedwait)
    public static let sethostname = SystemCall(__NR_sethostname)
    public static let setdomainname = SystemCall(__NR_setdomainname)
    public static let memfdCreate = SystemCall(__NR_memfd_create)
    public static let bpf = SystemCall(__NR_bpf)
    public static let clockGettime = SystemCall(__NR_clock_gettime)
    public static let schedSetattr = SystemCall(__NR_sched_setattr)
    public static let schedSetaffinity = SystemCall(__NR_sched_setaffinity)
    public static let ioprioSet = SystemCall(__NR_ioprio_set)
    public static let setMempolicy = SystemCall(__NR_set_mempolicy)
    public static let getrandom = SystemCall(__NR_getrandom)
    public static let inotifyInit1 = SystemCall(__NR_inotify_init1)
    public static let inotifyAddWatch = SystemCall(__NR_inotify_add_watch)
    public static let eventfd2 = SystemCall(__NR_eventfd2)
    public static let sysinfo = SystemCall(__NR_sysinfo)
    public static let uname = SystemCall(__NR_uname)
    public static let epollCreate1 = SystemCall(__NR_epoll_create1)
    public static let epollCtl = SystemCall(__NR_epoll_ctl)
    public static let epollPwait = SystemCall(__NR_epoll_pwait)
    public static let tgkill = SystemCall(__NR_tgkill)
    public static let sendfile = SystemCall(__NR_sendfile)
    public static let copyFileRange = SystemCall(__NR_copy_file_range)
    public static let getxattr = SystemCall(__NR_getxattr)
    public static let setxattr = SystemCall(__NR_setxattr)
    public static let fsetxattr = SystemCall(__NR_fsetxattr)
    public static let fgetxattr = SystemCall(__NR_fgetxattr)
    public static let flistxattr = SystemCall(__NR_flistxattr)
}

extension SystemCall {
    /// The kernel's name of the call, as strace prints it.
    public var name: String {
        Self.names.first { $0.call == self }?.name ?? "syscall_\(number)"
    }

    private static let names: [(call: SystemCall, name: String)] = [
        (.read, "read"), (.write, "write"), (.close, "close"), (.openat, "openat"), (.openat2, "openat2"),
        (.fstat, "fstat"), (.newfstatat, "newfstatat"), (.statx, "statx"), (.statfs, "statfs"),
        (.fstatfs, "fstatfs"), (.mkdirat, "mkdirat"), (.unlinkat, "unlinkat"), (.renameat2, "renameat2"),
        (.symlinkat, "symlinkat"), (.linkat, "linkat"), (.readlinkat, "readlinkat"), (.mknodat, "mknodat"),
        (.fchmodat, "fchmodat"), (.fchmod, "fchmod"), (.fchown, "fchown"), (.fchownat, "fchownat"),
        (.getdents64, "getdents64"), (.lseek, "lseek"), (.pread64, "pread64"), (.pwrite64, "pwrite64"),
        (.ftruncate, "ftruncate"), (.fcntl, "fcntl"), (.flock, "flock"), (.ioctl, "ioctl"),
        (.fsync, "fsync"), (.utimensat, "utimensat"), (.faccessat2, "faccessat2"),
        (.faccessat, "faccessat"), (.mount, "mount"), (.umount2, "umount2"), (.pivotRoot, "pivot_root"),
        (.openTree, "open_tree"), (.moveMount, "move_mount"), (.fsopen, "fsopen"), (.fsconfig, "fsconfig"),
        (.fsmount, "fsmount"), (.fspick, "fspick"), (.mountSetattr, "mount_setattr"), (.chroot, "chroot"),
        (.chdir, "chdir"), (.fchdir, "fchdir"), (.getcwd, "getcwd"), (.clone, "clone"), (.clone3, "clone3"),
        (.execve, "execve"), (.execveat, "execveat"), (.exitGroup, "exit_group"), (.wait4, "wait4"),
        (.waitid, "waitid"), (.kill, "kill"), (.pidfdOpen, "pidfd_open"),
        (.pidfdSendSignal, "pidfd_send_signal"), (.pidfdGetfd, "pidfd_getfd"), (.setns, "setns"),
        (.unshare, "unshare"), (.getpid, "getpid"), (.getppid, "getppid"), (.gettid, "gettid"),
        (.getuid, "getuid"), (.geteuid, "geteuid"), (.getgid, "getgid"), (.getegid, "getegid"),
        (.setsid, "setsid"), (.setpgid, "setpgid"), (.getpgid, "getpgid"), (.setuid, "setuid"),
        (.setgid, "setgid"),
        (.setgroups, "setgroups"), (.setresuid, "setresuid"), (.setresgid, "setresgid"), (.umask, "umask"),
        (.prctl, "prctl"), (.capget, "capget"), (.capset, "capset"), (.prlimit64, "prlimit64"),
        (.personality, "personality"), (.seccomp, "seccomp"), (.keyctl, "keyctl"),
        (.closeRange, "close_range"), (.dup3, "dup3"), (.pipe2, "pipe2"), (.socket, "socket"),
        (.socketpair, "socketpair"), (.bind, "bind"), (.listen, "listen"), (.connect, "connect"),
        (.accept4, "accept4"), (.sendto, "sendto"), (.recvfrom, "recvfrom"), (.sendmsg, "sendmsg"),
        (.recvmsg, "recvmsg"), (.shutdown, "shutdown"), (.getsockopt, "getsockopt"),
        (.setsockopt, "setsockopt"), (.ppoll, "ppoll"), (.signalfd4, "signalfd4"),
        (.rtSigprocmask, "rt_sigprocmask"), (.rtSigaction, "rt_sigaction"),
        (.rtSigtimedwait, "rt_sigtimedwait"), (.sethostname, "sethostname"),
        (.setdomainname, "setdomainname"), (.memfdCreate, "memfd_create"), (.bpf, "bpf"),
        (.clockGettime, "clock_gettime"), (.schedSetattr, "sched_setattr"),
        (.schedSetaffinity, "sched_setaffinity"), (.ioprioSet, "ioprio_set"),
        (.setMempolicy, "set_mempolicy"), (.getrandom, "getrandom"), (.inotifyInit1, "inotify_init1"),
        (.inotifyAddWatch, "inotify_add_watch"), (.eventfd2, "eventfd2"), (.sysinfo, "sysinfo"),
        (.uname, "uname"), (.epollCreate1, "epoll_create1"), (.epollCtl, "epoll_ctl"),
        (.epollPwait, "epoll_pwait"), (.tgkill, "tgkill"), (.sendfile, "sendfile"),
        (.copyFileRange, "copy_file_range"), (.getxattr, "getxattr"), (.setxattr, "setxattr"),
        (.fsetxattr, "fsetxattr"), (.fgetxattr, "fgetxattr"), (.flistxattr, "flistxattr"),
    ]
}
