using System.CommandLine;
using Pyvene.Typed.Conformance.Results;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using TorchSharp;

namespace Pyvene.Typed.Conformance;

/// <summary>The command line of the conformance runner.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => Command().Parse(arguments).Invoke();

    private static RootCommand Command()
    {
        var folders = new Argument<string[]>("FOLDER")
        {
            Description = "A root of golden data, a group of it, or one folder of cases.",
            Arity = ArgumentArity.OneOrMore,
        };
        var filter = new Option<string?>("--filter") { Description = "Run only the cases whose id contains this text.", HelpName = "TEXT" };
        var report = new Option<string?>("--report") { Description = "Write one JSON line a case to this file.", HelpName = "FILE" };
        var counts = new Option<string?>("--results") { Description = "Write what passed, counted by folder and class, to this file.", HelpName = "FILE" };
        var supported = new Option<bool>("--supported") { Description = "Leave out what the library cannot run yet, and say how many cases that is." };
        var device =
            new Option<string>("--device") { Description = "Where the models run, such as cuda.", HelpName = "NAME", DefaultValueFactory = _ => "cpu" };
        var command = new RootCommand("Runs recorded golden cases against Pyvene.Typed.") 
        {
            folders, filter, report, counts, supported, device, ModelsPageCommand(),
        };
        command.SetAction(parsed => RunOnOneThread(
            parsed.GetValue(device)!, parsed.GetValue(folders)!, new CaseFilter(parsed.GetValue(filter)), parsed.GetValue(report),
            parsed.GetValue(counts), parsed.GetValue(supported)));
        return command;
    }

    private static Command ModelsPageCommand()
    {
        var results = new Argument<string>("RESULTS") { Description = "A file that --results has written." };
        var command = new Command("models-page", "Prints docs/models.md, made of the results of a run.") { results };
        command.SetAction(parsed =>
        {
            try
            {
                Console.Out.Write(ModelsPage.Write(ConformanceResults.Read(parsed.GetValue(results)!)));
                return 0;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Console.Error.WriteLine(failure.Message);
                return 1;
            }
        });
        return command;
    }

    private static int RunOnOneThread(
        string device, string[] folders, CaseFilter filter, string? reportPath, string? countsPath, bool supportedOnly)
    {
        try
        {
            TorchLibrary.EnsureLoaded();
            GoldenDevice.Use(device);
        }
        catch (Exception failure) when (failure is NativeLibraryException or ArgumentException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }

        // The tensors of most cases are tiny: with more threads, those that wait for each other take most of the time.
        torch.set_num_threads(1);
        var counted = countsPath is null ? null : new ResultsCollector(string.Join(' ', folders), device);
        var code = Run(folders, filter, reportPath, counted, supportedOnly);
        return counted is null || WriteCounts(countsPath!, counted) ? code : 1;
    }

    private static bool WriteCounts(string path, ResultsCollector counted)
    {
        try
        {
            File.WriteAllText(path, counted.Results.ToJson());
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"cannot write the results to '{path}': {failure.Message}");
            return false;
        }
    }

    private static int Run(string[] folders, CaseFilter filter, string? reportPath, ResultsCollector? counted, bool supportedOnly)
    {
        ReportFile? report = null;
        try
        {
            report = reportPath is null ? null : new ReportFile(reportPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Console.Error.WriteLine($"cannot write the report to '{reportPath}': {failure.Message}");
            return 1;
        }

        using (report)
        {
            var console = new ConsoleReport(Console.Out, supportedOnly);
            foreach (var folder in folders.SelectMany(folder => ConformanceRun.Run(folder, filter)))
            {
                console.Add(folder);
                counted?.Add(folder);
                foreach (var result in folder.Cases)
                    if (result.Supported || !supportedOnly)
                        report?.Add(result);
            }

            console.Finish();
            return console.AnyFailed ? 1 : 0;
        }
    }
}
