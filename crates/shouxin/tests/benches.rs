//! The benches work on both engines. What they measure is for release builds on a quiet machine; this only holds that
//! they run, clean up, and print what they promise.

use std::process::Command;

use serde_json::Value;

#[test]
fn a_bench_prints_one_object_and_leaves_nothing_behind() {
    for (name, store, result) in
        [("import", "sqlite", "import"), ("import", "postgres", "import"), ("idle", "postgres", "start")]
    {
        let scratch = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_shouxin"))
            .args(["bench", name, "--rows", "1000", "--store", store, "--json"])
            .env("TMPDIR", scratch.path())
            .env("SHOUXIN_LOG", "warn")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name} on {store}: {said}");
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((printed["bench"].as_str(), printed["store"].as_str()), (Some(name), Some(store)));
        let results = printed["results"].as_array().unwrap();
        assert!(results.iter().any(|r| r["name"] == result), "{printed}");
        let left: Vec<_> = std::fs::read_dir(scratch.path()).unwrap().flatten().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
