// Lists of CPUs and nodes.
import Testing

@testable import OCI

@Suite struct NumberListTests {
    @Test(
        arguments: [
            ("0", [0]), ("0-3,7", [0, 1, 2, 3, 7]), ("7,0-1", [0, 1, 7]), ("1,1-2", [1, 2]),
            ("0-3, 7", [0, 1, 2, 3, 7]),
        ] as [(String, [Int])])
    func lists(text: String, numbers: [Int]) {
        #expect(NumberList.numbers(of: text) == numbers)
    }

    @Test(arguments: ["", ",", "0,", "a", "3-1", "1-2-3", "-1", "0-99999999999", "65536", "0x1"])
    func others(text: String) {
        #expect(NumberList.numbers(of: text) == nil)
    }
}
