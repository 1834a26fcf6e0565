using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Checkpoints.Hub;

/// <summary>
/// Puts a folder into a repository of a hub as one commit, by the protocol of Hugging Face's own tools: large files go to a store by their checksum, small ones
/// into the commit itself.
/// </summary>
/// <param name="client">Sends the requests.</param>
/// <param name="name">The repository, <c>OWNER/NAME</c>.</param>
/// <param name="revision">The branch.</param>
/// <param name="longestSilence">How long an answer may take.</param>
internal sealed class HubUpload(HubClient client, string name, string revision, TimeSpan longestSilence)
{
    private const string StoreType = "application/vnd.git-lfs+json";
    private const long LargestInline = 10 << 20; // what goes into the commit is held in memory
    private const long LongestAnswer = 32 << 20;

    private string Branch => Uri.EscapeDataString(revision);

    /// <summary>Makes the repository, unless it is there.</summary>
    public async Task CreateAsync(bool isPrivate, CancellationToken cancellation)
    {
        var (owner, repository) = (name.Split('/')[0], name.Split('/')[1]);
        var body = new JsonObject { ["name"] = repository, ["organization"] = owner, ["private"] = isPrivate };
        using var response = await client.SendAsync(
            HttpMethod.Post, "api/repos/create", name, cancellation, () => Json(body), accepts: HttpStatusCode.Conflict);
    }

    /// <summary>Uploads the files and commits them.</summary>
    /// <returns>The commit.</returns>
    public async Task<string> CommitAsync(IReadOnlyList<UploadFile> files, string message, CancellationToken cancellation)
    {
        var large = await LargeAsync(files, cancellation);
        var lines = new StringBuilder().Append(Line("header", new JsonObject { ["summary"] = message, ["description"] = "" }));
        foreach (var file in files)
        {
            if (large.Contains(file.Name))
            {
                var sum = await file.SumAsync(cancellation);
                await StoreAsync(file, sum, cancellation);
                lines.Append(Line("lfsFile", new JsonObject { ["path"] = file.Name, ["algo"] = "sha256", ["oid"] = sum, ["size"] = file.Size }));
            }
            else
            {
                lines.Append(
                    Line("file", new JsonObject { ["path"] = file.Name, ["encoding"] = "base64", ["content"] = Convert.ToBase64String(file.Content()) }));
            }
        }

        var body = lines.ToString();
        var answer = await AskAsync(
            HttpMethod.Post, $"api/models/{name}/commit/{Branch}", () => new StringContent(body, Encoding.UTF8, "application/x-ndjson"), cancellation);
        return answer["commitOid"].String();
    }

    // Asks the hub which files go to the store.
    private async Task<HashSet<string>> LargeAsync(IReadOnlyList<UploadFile> files, CancellationToken cancellation)
    {
        var asked = new JsonObject { ["files"] = new JsonArray(
            [.. files.Select(file => new JsonObject { ["path"] = file.Name, ["sample"] = Convert.ToBase64String(file.Sample()), ["size"] = file.Size })]) };
        var answer = await AskAsync(HttpMethod.Post, $"api/models/{name}/preupload/{Branch}", () => Json(asked), cancellation);
        var modes = answer["files"].Items().ToLookup(file => file["path"].String(), file => file["uploadMode"].String());
        var inline = files.Where(file => file.Size == 0 || modes[file.Name].LastOrDefault() != "lfs").ToList();
        return inline.Sum(file => file.Size) <= LargestInline
            ? [.. files.Except(inline).Select(file => file.Name)]
            : throw new CheckpointException(
                name, $"The hub wants {inline.Sum(file => file.Size)} bytes inside of the commit, more than the {LargestInline} that are sent so.");
    }

    // What is in the store already, perhaps since an attempt that broke off, is not sent again.
    private async Task StoreAsync(UploadFile file, string sum, CancellationToken cancellation)
    {
        var asked = new JsonObject
        {
            ["operation"] = "upload",
            ["transfers"] = new JsonArray("basic", "multipart"),
            ["hash_algo"] = "sha256",
            ["ref"] = new JsonObject { ["name"] = revision },
            ["objects"] = new JsonArray(new JsonObject { ["oid"] = sum, ["size"] = file.Size }),
        };
        var answer = await AskAsync(HttpMethod.Post, $"{name}.git/info/lfs/objects/batch", () => Json(asked, StoreType), cancellation, StoreType);
        if (answer["objects"].Items() is not [var told])
        {
            throw answer["objects"].Wrong("a list of one place in the store");
        }

        if (told.Member("error") is { } error)
        {
            throw new CheckpointException(name, $"The hub's store refuses '{file.Name}': {error["message"].OptionalString()}");
        }

        if (told.Member("actions") is not { } actions)
        {
            return;
        }

        if (actions.Member("upload") is { } upload)
        {
            await SendAsync(file, sum, upload, cancellation);
        }

        if (actions.Member("verify") is { } verify)
        {
            var check = new JsonObject { ["oid"] = sum, ["size"] = file.Size };
            using var response = await client.SendAsync(HttpMethod.Post, Address(verify), name, cancellation, () => Json(check, StoreType), Headers(verify));
        }
    }

    private async Task SendAsync(UploadFile file, string sum, JsonPlace upload, CancellationToken cancellation)
    {
        var headers = Headers(upload);
        if (!headers.TryGetValue("chunk_size", out var chunk))
        {
            using var response = await client.SendAsync(HttpMethod.Put, Address(upload), name, cancellation, () => file.Part(0, file.Size), headers);
            return;
        }

        // The headers hold an address for every part, by its number from 1.
        if (!long.TryParse(chunk, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size < 1)
        {
            throw Malformed("the size of a part");
        }

        var parts = new JsonArray();
        for (var start = 0L; start < file.Size; start += size)
        {
            var number = parts.Count + 1;
            var place = headers.GetValueOrDefault(number.ToString(CultureInfo.InvariantCulture)) ?? throw Malformed($"an address for part {number}");
            var (first, length) = (start, Math.Min(size, file.Size - start));
            using var response = await client.SendAsync(HttpMethod.Put, place, name, cancellation, () => file.Part(first, length));
            parts.Add(new JsonObject { ["partNumber"] = number, ["etag"] = response.Headers.ETag?.Tag ?? throw Malformed($"a tag for part {number}") });
        }

        var done = new JsonObject { ["oid"] = sum, ["parts"] = parts };
        using var completed = await client.SendAsync(HttpMethod.Post, Address(upload), name, cancellation, () => Json(done, StoreType));
    }

    private async Task<JsonPlace> AskAsync(HttpMethod method, string path, Func<HttpContent> content, CancellationToken cancellation, string? accept = null)
    {
        using var response = await client.SendAsync(
            method, path, name, cancellation, content, accept is null ? null : new Dictionary<string, string> { ["Accept"] = accept });
        var bytes = await HubFile.ReadAsync(response, LongestAnswer, name, new HubPatience(longestSilence, cancellation));
        return JsonText.Parse(bytes, new CheckpointJson(name, "The hub's answer"));
    }

    private static string Address(JsonPlace action) => action["href"].String();

    // Parts may be told as numbers or as texts.
    private static Dictionary<string, string> Headers(JsonPlace action) =>
        action.Member("header")?.Members().ToDictionary(header => header.Name, header => header.Value.Element.ToString(), StringComparer.OrdinalIgnoreCase)
        ?? [];

    private static HttpContent Json(JsonNode body, string type = "application/json") =>
        new StringContent(body.ToJsonString(), Encoding.UTF8, MediaTypeHeaderValue.Parse(type));

    private static string Line(string key, JsonObject value) => new JsonObject { ["key"] = key, ["value"] = value }.ToJsonString() + "\n";

    private CheckpointException Malformed(string missing) => new(name, $"The hub's answer has not {missing}.");
}
