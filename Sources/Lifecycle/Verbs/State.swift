// state and list: what containers there are, and what they do.
import Linux
import OCI

extension Verb {
    public static func state(_ id: String, _ options: RuntimeOptions) throws(Failure) -> State {
        let container = try Container(lookingAt: id, in: ContainerStore(root: options.root))
        return container.record.state(container.status)
    }

    /// All containers. One that goes meanwhile is left out; one that cannot be read is no reason to hide the others.
    public static func list(_ options: RuntimeOptions) throws(Failure) -> [State] {
        let store = ContainerStore(root: options.root)
        var states: [State] = []
        for id in try store.ids() {
            guard let container = try? Container(lookingAt: id, in: store) else { continue }
            states.append(container.record.state(container.status))
        }
        return states
    }
}
