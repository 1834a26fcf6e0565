using System.Diagnostics;
using System.Text.Json;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Runs the measuring scripts of PyTorch and pyvene on the same machine, where they are unpacked.</summary>
/// <param name="folder">The folder with <c>env.sh</c> and <c>perf/</c>.</param>
internal sealed class PythonSide(string folder)
{
    /// <summary>Returns the fastest run of every measurement of a script, in seconds, by its name.</summary>
    public Dictionary<string, double> Measure(string script, string model, int threads, double seconds, string extra = "")
    {
        var command = $". '{folder}/env.sh' head && oracle '{folder}/perf/{script}' --model '{model}' --threads {threads} --seconds {seconds} {extra}";
        var start = new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var measured = new Dictionary<string, double>(StringComparer.Ordinal);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith('{'))
            {
                using var json = JsonDocument.Parse(line);
                // What the other side cannot run has an error instead of a time.
                if (json.RootElement.TryGetProperty("seconds_min", out var fastest))
                {
                    measured[json.RootElement.GetProperty("name").GetString()!] = fastest.GetDouble();
                }
            }
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? measured : throw new InvalidOperationException($"{script} failed with {process.ExitCode}: {errors.Result}");
    }
}
