// Annotations that stand for properties, and the container process state.
import Testing

@testable import OCI

@Suite struct AnnotationTests {
    @Test func theReceiverStandsForAListenerPathThatIsAbsent() {
        var spec = Spec()
        spec.annotations = [Annotation.seccompReceiver: "/run/agent.sock"]
        spec.adoptAnnotations()
        #expect(spec.linux.seccomp == nil)
        spec.linux.seccomp = SeccompProfile()
        spec.adoptAnnotations()
        #expect(spec.linux.seccomp?.listenerPath == "/run/agent.sock")
        spec.linux.seccomp?.listenerPath = "/own"
        spec.adoptAnnotations()
        #expect(spec.linux.seccomp?.listenerPath == "/own")
    }

    @Test func containerProcessState() {
        let state = State(id: "c1", status: .created, pid: 42, bundle: "/b", annotations: ["a": "x/y"])
        let process = ContainerProcessState(
            descriptors: [ContainerProcessState.seccompDescriptor], pid: 42, metadata: "m\"", state: state)
        #expect(
            String(decoding: process.bytes, as: UTF8.self)
                == #"{"ociVersion":"1.3.0","fds":["seccompFd"],"pid":42,"metadata":"m\"","state":"#
                + #"{"ociVersion":"1.3.0","id":"c1","status":"created","pid":42,"bundle":"/b","annotations":{"a":"x/y"}}}"#
        )
        var without = process
        without.metadata = nil
        #expect(!String(decoding: without.bytes, as: UTF8.self).contains("metadata"))
    }
}
